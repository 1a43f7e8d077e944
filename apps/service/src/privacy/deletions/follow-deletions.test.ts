import type { NewVendorDeletion, VendorDeletion } from '@braze-mixpanel/storage';
import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { Activity } from '../../clock/index.ts';
import { readConfig } from '../../config/read-config.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { afterExchange, newDeletion, readDeletion, storedDeletion } from './deletion.ts';
import { FollowDeletions } from './follow-deletions.ts';
import { projectOf } from './project.ts';

const externalId = 'customer-to-be-forgotten';
const settings = { CURRENTS_TOKEN: 'test-currents-token', MIXPANEL_TOKEN: 'mixpanel-token' };
const { connections } = readConfig({
  environment: { ...settings, MIXPANEL_OAUTH_TOKEN: 'mixpanel-oauth-token' },
});
const project = projectOf(connections[0]!.mixpanel)!;
const place = { number: 'a1', project, connection: 'default' };

/** Storage of one deletion, which may crash a process before or after a write. */
class Store {
  row: VendorDeletion | undefined;
  /** Each text that was stored. */
  readonly texts: string[] = [];
  crash: 'before' | 'after' | undefined;

  async due(): Promise<VendorDeletion[]> {
    return this.row?.dueAt === undefined ? [] : [{ ...this.row }];
  }

  async put(next: NewVendorDeletion, replaced: number | undefined): Promise<boolean> {
    const { crash } = this;
    this.crash = undefined;
    if (crash === 'before') throw new Error('crashed');
    if (this.row?.revision !== replaced) return false;
    this.row = { ...next, revision: (replaced ?? 0) + 1 };
    this.texts.push(next.text);
    if (crash === 'after') throw new Error('crashed');
    return true;
  }
}

type Answer =
  | { readonly kind: 'works' | 'lost' | 'created, lost' | 'html' | 'another task' | 'not the state' }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'task'; readonly status: string };

/** Mixpanel, which gives the answer that the test sets. */
class Mixpanel {
  answer: Answer = { kind: 'works' };
  readonly tasks: string[] = [];
  readonly success = new Set<string>();
  /** Requests whose answer named no task, although one may exist. */
  unanswered = 0;
  requests = 0;

  readonly fetch = (async (input: URL | string, init: RequestInit = {}) => {
    this.requests += 1;
    const url = new URL(input);
    const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
    const { answer } = this;
    const isPost = init.method === 'POST';
    if (isPost && answer.kind !== 'works') {
      const refuses = answer.kind === 'status' && answer.status < 500;
      if (!refuses) this.unanswered += 1;
    }
    if (answer.kind === 'created, lost' && isPost) this.create();
    if (answer.kind === 'lost' || answer.kind === 'created, lost') throw new TypeError('socket hang up');
    if (answer.kind === 'status') return json({ error: `about ${externalId}` }, answer.status);
    if (answer.kind === 'html') return new Response('<html><title>Sign in</title></html>');
    if (isPost)
      return answer.kind === 'works'
        ? json({ status: 'ok', results: [{ tracking_id: this.create() }] }, 201)
        : json({ status: 'ok' });
    const id = url.pathname.split('/').at(-2)!;
    if (answer.kind === 'another task')
      return json({ status: 'ok', results: { status: 'SUCCESS', tracking_id: 'another' } });
    if (answer.kind === 'not the state') return json({ status: 'error', results: { status: 'SUCCESS' } });
    const status = answer.kind === 'task' ? answer.status : 'STARTED';
    if (status === 'SUCCESS') this.success.add(id);
    return json({ status: 'ok', results: { status, tracking_id: id } });
  }) as typeof fetch;

  create(): string {
    const id = `task-${this.tasks.length + 1}`;
    this.tasks.push(id);
    return id;
  }
}

const answers: fc.Arbitrary<Answer> = fc.oneof(
  fc.constantFrom<Answer>(
    ...([{ kind: 'works' }, { kind: 'lost' }, { kind: 'created, lost' }, { kind: 'html' }] as const),
    ...([{ kind: 'another task' }, { kind: 'not the state' }] as const),
  ),
  fc.constantFrom(400, 401, 403, 404, 429, 500, 503).map((status): Answer => ({ kind: 'status', status })),
  fc
    .constantFrom(
      'PENDING',
      'STAGING',
      'STARTED',
      'SUCCESS',
      'FAILURE',
      'REVOKED',
      'NOT_FOUND',
      'UNKNOWN',
      'success',
      '',
    )
    .map((status): Answer => ({ kind: 'task', status })),
);
const steps = fc.array(
  fc.record({
    answer: answers,
    hours: fc.integer({ min: 0, max: 200 }),
    crash: fc.option(fc.constantFrom('before' as const, 'after' as const), { nil: undefined }),
    restart: fc.boolean(),
  }),
  { minLength: 1, maxLength: 30 },
);

describe('a deletion in Mixpanel', () => {
  it('is one task unless an answer was lost, and done only by the word of Mixpanel, whatever happens between', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async run => {
        const clock = new ManualClock();
        const store = new Store();
        const mixpanel = new Mixpanel();
        await store.put(storedDeletion(newDeletion(place, externalId, clock.now())), undefined);
        const begin = () => {
          const follower = new FollowDeletions({
            ...{ store, shared: false, connections: () => connections, clock, activity: new Activity() },
            ...{ fetch: mixpanel.fetch, logger: pino({ level: 'silent' }), withoutSecrets: text => text },
          });
          return { follower, work: follower.lead() };
        };
        let crashes = 0;
        let leader = begin();
        // A second process that believes to lead as well.
        const other = begin();
        for (const { answer, hours, crash, restart } of run) {
          mixpanel.answer = answer;
          store.crash = crash;
          if (crash !== undefined) crashes += 1;
          await clock.advance(hours * 3_600_000);
          await Promise.all([leader.follower.wake(), other.follower.wake()]);
          if (restart) {
            await leader.work.close();
            leader = begin();
          }
          const deletion = readDeletion(store.row!);
          if (deletion.state === 'done') expect([...mixpanel.success]).toContain(deletion.taskId);
          // A crash may lose an answer that named a task.
          expect(mixpanel.tasks.length).toBeLessThanOrEqual(1 + mixpanel.unanswered + crashes);
          if (deletion.taskId !== null || deletion.dueAt === undefined)
            expect(store.row?.text).not.toContain(externalId);
          expect(deletion.problem ?? '').not.toContain(externalId);
        }
        await Promise.all([leader.work.close(), other.work.close()]);
        const followed = store.texts.findIndex(text => text.includes('"taskId":"task-'));
        const ids = new Set(
          store.texts.slice(Math.max(0, followed)).map(text => /"taskId":("task-\d+"|null)/.exec(text)?.[1]),
        );
        expect(followed === -1 || ids.size === 1).toBe(true);
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it('is requested before 40,000 looks that are due, and each exchange has its second', async () => {
    const clock = new ManualClock();
    const rows = new Map<string, VendorDeletion>();
    const put = async (next: NewVendorDeletion, replaced = 0) => {
      rows.set(next.number, { ...next, revision: replaced + 1 });
      return true;
    };
    const hourAgo = clock.now() - 3_600_000;
    for (let n = 0; n < 40_000; n += 1) {
      const asked = newDeletion({ ...place, number: `n${n}` }, externalId, hourAgo - 3_600_000);
      await put(
        storedDeletion(afterExchange(asked, { kind: 'accepted', taskId: `task-${n}` }, hourAgo - 3_600_000)),
      );
    }
    await put(storedDeletion(newDeletion(place, externalId, clock.now())));
    const sent: string[] = [];
    const mixpanel = new Mixpanel();
    const follower = new FollowDeletions({
      ...{ shared: false, connections: () => connections, clock, activity: new Activity() },
      store: {
        put,
        due: async () => {
          const first = new Map<string, VendorDeletion>();
          for (const row of rows.values())
            if ((row.dueAt ?? Infinity) < (first.get(row.state)?.dueAt ?? Infinity))
              first.set(row.state, row);
          return [...first.values()];
        },
      },
      fetch: async (input, init) => {
        sent.push(`${init?.method} at ${clock.now() - hourAgo - 3_600_000}`);
        return mixpanel.fetch(input, init);
      },
      ...{ logger: pino({ level: 'silent' }), withoutSecrets: text => text },
    });
    const work = follower.lead();
    await follower.wake();
    for (let second = 0; second < 2; second += 1) {
      await clock.advance(1_000);
      await follower.wake();
    }
    await work.close();
    expect(sent).toEqual(['POST at 0', 'GET at 1000', 'GET at 2000']);
    expect(readDeletion(rows.get(place.number)!)).toMatchObject({ state: 'followed' });
  });

  it('is looked at less often the older it is, and once a day at least', () => {
    let deletion = afterExchange(newDeletion(place, externalId, 0), { kind: 'accepted', taskId: 'task' }, 0);
    const hours: number[] = [];
    while (deletion.dueAt! < 30 * 24 * 3_600_000) {
      hours.push(deletion.dueAt! / 3_600_000);
      deletion = afterExchange(deletion, { kind: 'status', status: 'STARTED' }, deletion.dueAt!);
      expect(deletion.checkedAt).toBe(hours.at(-1)! * 3_600_000);
    }
    expect(hours.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 56, 80]);
    expect(hours).toHaveLength(34);
    const refused = afterExchange(deletion, { kind: 'again', problem: '', correct: true }, deletion.dueAt!);
    expect(refused.dueAt! - deletion.dueAt!).toBe(24 * 3_600_000);
  });

  it.each([
    [{ status: 'ok', results: { task_id: '1583792934719392965' } }, 'followed'],
    [{ status: 'ok', results: [{ tracking_id: 'a b' }] }, 'waiting'],
    [{ status: 'ok', results: [{ tracking_id: 7 }] }, 'waiting'],
    [{ status: 'ok', results: [] }, 'waiting'],
    [{ status: 'error', results: [{ tracking_id: 'a' }] }, 'waiting'],
    [null, 'waiting'],
  ])('is accepted only where the answer names a task: %j', async (body, state) => {
    const clock = new ManualClock();
    const store = new Store();
    await store.put(storedDeletion(newDeletion(place, externalId, clock.now())), undefined);
    const follower = new FollowDeletions({
      ...{ store, shared: false, connections: () => connections, clock, activity: new Activity() },
      ...{ fetch: async () => Response.json(body, { status: 201 }), logger: pino({ level: 'silent' }) },
      withoutSecrets: text => text,
    });
    const work = follower.lead();
    await follower.wake();
    await work.close();
    expect(readDeletion(store.row!)).toMatchObject({ state, lostAnswers: state === 'waiting' ? 1 : 0 });
  });

  it('shows no answer that repeats the ID, in any of its forms', async () => {
    for (const id of ['Zoë "the" <b>', "o'brien&co", 'plain-id', '\ud83d\ude00']) {
      for (const echoed of [
        id,
        JSON.stringify(id),
        encodeURIComponent(id),
        id.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
      ]) {
        const clock = new ManualClock();
        const store = new Store();
        await store.put(storedDeletion(newDeletion(place, id, clock.now())), undefined);
        const follower = new FollowDeletions({
          ...{ store, shared: false, connections: () => connections, clock, activity: new Activity() },
          ...{
            fetch: async () => new Response(`bad ${echoed}`, { status: 400 }),
            logger: pino({ level: 'silent' }),
          },
          withoutSecrets: text => text,
        });
        const work = follower.lead();
        await follower.wake();
        await work.close();
        expect(readDeletion(store.row!)).toMatchObject({
          ...{ state: 'failed', externalId: null },
          problem: 'Mixpanel rejected the request: 400, with a text that repeats the ID.',
        });
      }
    }
  });
});
