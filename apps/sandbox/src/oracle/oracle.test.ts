import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { mapEvent } from '@braze-mixpanel/core/mapping';
import { describe, expect, it } from 'vitest';
import { call, until } from '../control.ts';
import { playCohorts } from '../scenario/cohorts.ts';
import { playEvents } from '../scenario/events.ts';
import { launchCurrent, seedUsers } from '../seed.ts';
import { sandboxKeys, startStack } from '../stack.ts';
import type { Backlog } from './backlog.ts';
import { type CohortVerdict, judgeMember, type SyncFacts } from './cohorts.ts';
import { type EventVerdict, judgeEvent, type Traces } from './judge-event.ts';
import { Ledger } from './ledger.ts';

interface Oracle {
  readonly right: boolean;
  readonly emitted: number;
  readonly exactlyOnce: number;
  readonly became: Record<string, number>;
  readonly backlog: Backlog;
  readonly events: EventVerdict[];
  readonly cohorts: CohortVerdict[];
}

describe('the oracle of the sandbox', () => {
  it('reports the outcome of every event of the scenario, whether it arrived exactly once, and why', async () => {
    await using stack = await startStack();
    const { emitted, imported } = await playEvents(stack, catalogue2022_06);
    const oracle = await call<Oracle>('GET', `${stack.braze}/_sim/oracle`);
    expect(oracle).toMatchObject({
      right: true,
      emitted,
      exactlyOnce: imported,
      became: { imported, skipped: 3, 'dead-lettered': 1 },
    });
    const twice = oracle.events.filter(event => event.emitted === 2);
    expect(twice).toHaveLength(10);
    for (const event of twice)
      expect(event).toMatchObject({ exactlyOnce: true, why: expect.stringContaining('shows it once') });
    const dead = await call<Oracle>('GET', `${stack.braze}/_sim/oracle?became=dead-lettered`);
    expect(dead.events).toMatchObject([
      { exactlyOnce: false, why: expect.stringContaining('refused_distinct_id') },
    ]);
  });

  it('finds a dead letter where it should be after an operator corrected and replayed it', async () => {
    await using stack = await startStack();
    await seedUsers(stack);
    await launchCurrent(stack);
    const { service } = stack;
    const events = [
      { ...event({ external_user_id: 'anonymous' }), time: Math.floor(Date.now() / 1_000) - 60 },
    ];
    await call('POST', `${stack.braze}/_sim/emit`, { events });
    const oracle = () => call<Oracle>('GET', `${stack.braze}/_sim/oracle`);
    await until('the dead letter', oracle, ({ became }) => became['dead-lettered'] === 1);
    const token = sandboxKeys.adminToken;
    const list = await call<{ deadLetters: { id: number }[] }>(
      ...(['GET', `${service}/api/dead-letters`, undefined, { token }] as const),
    );
    const fix = [{ set: 'user.external_user_id', value: 'ada' }];
    const path = `${service}/api/dead-letters/${list.deadLetters[0]!.id}/replay`;
    await call('POST', path, { fix }, { token });
    const settled = await until('the import', oracle, ({ became }) => became.imported === 1);
    expect(settled).toMatchObject({
      right: true,
      events: [{ why: expect.stringContaining('corrected and replayed') }],
    });
  });

  it('reports since when Mixpanel refuses what waits, and what was skipped so far', async () => {
    await using stack = await startStack();
    await seedUsers(stack);
    await launchCurrent(stack);
    await call('POST', `${stack.mixpanel}/_sim/faults`, { route: 'import', kind: 'status', status: 401 });
    await call('POST', `${stack.braze}/_sim/emit`, { generate: { count: 20 } });
    const oracle = () => call<Oracle>('GET', `${stack.braze}/_sim/oracle`);
    const { right, backlog } = await until('the refusal', oracle, each => each.backlog.stopped !== null);
    expect(right).toBe(true);
    expect(backlog.pending).toBeGreaterThan(0);
    expect(backlog.stopped).toMatchObject({ cause: 'refused', why: expect.stringContaining('401') });
    expect(Date.parse(backlog.stopped!.since!)).toBeGreaterThan(0);
  });

  it('counts the events that wait in Braze by the queues of its Currents', async () => {
    await using stack = await startStack();
    await seedUsers(stack);
    const id = await launchCurrent(stack);
    const sendTo = (path: string) =>
      call('PUT', `${stack.braze}/_sim/currents/${id}`, { endpoint: `${stack.service}/${path}` });
    await sendTo('nowhere');
    await call('POST', `${stack.braze}/_sim/emit`, { generate: { count: 20 } });
    const oracle = () => call<Oracle>('GET', `${stack.braze}/_sim/oracle`);
    const { backlog } = await oracle();
    expect(backlog).toMatchObject({ pending: 0, inBraze: 20 });
    await sendTo('currents');
    const delivered = await until('the events', oracle, ({ became }) => became.pending === undefined);
    expect(delivered.backlog).toMatchObject({ pending: 0, inBraze: 0 });
  });

  it('finds the dead letters of events without an id, and of values that are not events', async () => {
    await using stack = await startStack();
    await seedUsers(stack);
    await launchCurrent(stack);
    const events = [7, null, 'text', [], { event_type: 'nonsense', time: 'today' }];
    await call('POST', `${stack.braze}/_sim/emit`, { events });
    const oracle = () => call<Oracle>('GET', `${stack.braze}/_sim/oracle`);
    const settled = await until('nothing is pending', oracle, ({ became }) => became.pending === undefined);
    expect(settled).toMatchObject({ right: true, became: { 'dead-lettered': events.length } });
  });

  it('counts events in files as written, and not as sent to Mixpanel', async () => {
    const storageDir = await mkdtemp(join(tmpdir(), 'oracle-'));
    await using stack = await startStack({ storageDir });
    await seedUsers(stack);
    await call('POST', `${stack.braze}/_sim/currents`, { kind: 'storage', launch: true });
    await call('POST', `${stack.braze}/_sim/emit`, { generate: { count: 41 } });
    expect(await call<Oracle>('GET', `${stack.braze}/_sim/oracle`)).toMatchObject({
      ...{ right: true, exactlyOnce: 0, writtenToFiles: 41 },
      became: { 'not sent': 41 },
    });
    await rm(storageDir, { recursive: true });
  });

  it('does not know whether a cohort is right that Mixpanel does not have', async () => {
    await using stack = await startStack();
    await seedUsers(stack);
    const { webhookUser, webhookPassword } = sandboxKeys;
    const pushed = await fetch(`${stack.service}/webhooks/mixpanel/default`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${btoa(`${webhookUser}:${webhookPassword}`)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        action: 'members',
        parameters: {
          ...{ mixpanel_project_id: '12345', mixpanel_cohort_id: '777', mixpanel_cohort_name: 'Elsewhere' },
          ...{ mixpanel_session_id: 'session', members: [{ mixpanel_distinct_id: 'ada' }] },
          page_info: { total_pages: 1, page_count: 1 },
        },
      }),
    });
    expect([pushed.status, await pushed.json()]).toMatchObject([200, { status: 'success' }]);
    const { cohorts, right } = await call<Oracle>('GET', `${stack.braze}/_sim/oracle`);
    expect(cohorts).toEqual([
      {
        ...{ cohort: '777', mode: 'dynamic', sink: expect.any(String), right: null, members: [] },
        why: expect.stringContaining('Mixpanel has no cohort 777'),
      },
    ]);
    expect(right).toBe(true);
  });

  it('reports the side of every cohort member, and why', async () => {
    await using stack = await startStack();
    await playCohorts(stack);
    const { right, cohorts } = await call<Oracle>('GET', `${stack.braze}/_sim/oracle`);
    expect(right).toBe(true);
    const wrong = await call<Oracle>('GET', `${stack.braze}/_sim/oracle?right=false`);
    expect(wrong.cohorts.map(({ members }) => members)).toEqual(cohorts.map(() => []));
    const [dynamic] = cohorts.filter(({ mode }) => mode === 'dynamic');
    expect(dynamic?.members.map(({ inMixpanel, inBraze }) => inMixpanel && inBraze)).not.toContain(false);
    const [once] = cohorts.filter(({ mode }) => mode === 'one-time');
    const reasons = new Set(once?.members.map(({ why }) => why.replace(/ of \d.*/, '')));
    expect(reasons).toEqual(
      new Set([
        'In the cohort on both sides.',
        'Joined in Mixpanel after the one sync',
        'Left in Mixpanel after the one sync',
      ]),
    );
  });
});

const event = (user: object) => ({
  event_type: 'users.messages.email.Send',
  id: 'e-1',
  time: 1_700_000_000,
  user,
});
const traces = (more: Partial<Traces> = {}): Traces => {
  const known = event({ external_user_id: 'ada' });
  return {
    emitted: { id: 'e-1', event: known, at: 0, times: 1 },
    mapping: mapEvent(known, { catalogueVersion: catalogue2022_06 }, Date.UTC(2026, 0)),
    stored: 1,
    unique: 1,
    deadLetter: undefined,
    corrected: false,
    pending: false,
    sent: true,
    ...more,
  };
};
const anonymous = mapEvent(event({}), { catalogueVersion: catalogue2022_06 }, Date.UTC(2026, 0));

const refused = mapEvent(
  event({ external_user_id: 'anonymous' }),
  { catalogueVersion: catalogue2022_06 },
  Date.UTC(2026, 0),
);

describe('an event', () => {
  it.each<[string, Partial<Traces>, Partial<EventVerdict>]>([
    ['arrived', {}, { became: 'imported', exactlyOnce: true, right: true }],
    ['arrived three times as one', { stored: 3 }, { became: 'imported', exactlyOnce: true, right: true }],
    ['arrived as two', { stored: 2, unique: 2 }, { became: 'imported', exactlyOnce: false, right: false }],
    ['got lost', { stored: 0, unique: 0 }, { became: 'lost', exactlyOnce: false, right: false }],
    ['is in transit', { stored: 0, unique: 0, pending: true }, { became: 'pending', right: true }],
    ['has no user', { stored: 0, unique: 0, mapping: anonymous }, { became: 'skipped', right: true }],
    ['has no user but arrived', { mapping: anonymous }, { became: 'imported', right: false }],
    [
      'was refused, but corrected',
      { mapping: refused, corrected: true },
      { became: 'imported', right: true },
    ],
    ['was refused but arrived', { mapping: refused }, { became: 'imported', right: false }],
    ['was not sent', { stored: 0, unique: 0, sent: false }, { became: 'not sent', right: true }],
  ])('that %s is reported as such', (_, more, verdict) => {
    expect(judgeEvent(traces(more))).toMatchObject(verdict);
  });

  it('is recorded until a hundred thousand newer ones were emitted', () => {
    const ledger = new Ledger(3);
    ledger.note([{ id: 'a' }, { id: 'b' }, { id: 'a' }, {}, 'no event'], 0);
    expect(ledger.total).toBe(4);
    expect(ledger.events.map(({ id, times }) => [id, times])).toEqual([
      ['b', 1],
      ['(without id) 1', 1],
      ['(without id) 2', 1],
    ]);
  });
});

describe('a cohort member', () => {
  const sync: SyncFacts = {
    ...{ cohort: '1', mode: 'dynamic', source: 'query', sink: 'partner', running: false, attribute: null },
    ...{ lastSuccess: '2026-01-01T00:00:00Z', nextRun: '2026-01-01T02:00:00Z', problem: null },
  };
  const sides = { source: new Set(['ada']), target: new Set<string>(), known: true };

  it.each<[string, Partial<SyncFacts>, Partial<typeof sides>, boolean, RegExp]>([
    ['who joined since the last sync', {}, {}, true, /the next sync is due at 2026-01-01T02/],
    ['who joined while Mixpanel pushes', { source: 'webhook' }, {}, true, /with its next sync/],
    [
      'who joined before the first sync',
      { lastSuccess: null },
      {},
      true,
      /^Joined in Mixpanel before the first sync/,
    ],
    ['who joined while a sync runs', { running: true }, {}, true, /a sync is running/],
    ['unknown to Braze', {}, { known: false }, true, /no user with this external id/],
    ['whose sync failed', { problem: { message: 'Braze refuses.' } }, {}, false, /failed: Braze refuses/],
    [
      'who left since the last sync',
      {},
      { source: new Set(), target: new Set(['ada']) },
      true,
      /^Left in Mixpanel since/,
    ],
  ])('%s is reported as such', (_, facts, more, right, why) => {
    expect(judgeMember('ada', { ...sync, ...facts }, { ...sides, ...more })).toMatchObject({
      right,
      why: expect.stringMatching(why),
    });
  });
});
