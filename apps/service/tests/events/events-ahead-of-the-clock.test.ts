import { type RunningMockMixpanel, startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import type { Storage } from '@braze-mixpanel/storage';
import {
  batchOf,
  bytesOf,
  conserves,
  crash,
  describeWithPostgres,
  type PostgresServer,
  postgresHarness,
  type StorageHarness,
  sqliteHarness,
  startPostgres,
  type TestDatabase,
  wholeQueue,
} from '@braze-mixpanel/storage/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { epochMs, monotonicMs } from '../../src/clock/index.ts';
import { deliverUnit } from '../../src/events/delivery/deliver-unit.ts';
import type { ImportClient } from '../../src/events/delivery/import-client.ts';
import { Slices } from '../../src/events/delivery/slices.ts';
import { emailSend } from '../../src/testing/events.ts';

const mappingOptions = '{"generation":"2022-06","selection":null,"sendUnlisted":false}';
const day = 86_400;

let mixpanel: RunningMockMixpanel;
beforeAll(async () => {
  mixpanel = await startMockMixpanel();
  mixpanel.clock.freeze();
});
afterAll(() => mixpanel.close());

/** Seconds of events ahead of the clock, and the steps that happen to them. */
interface Story {
  readonly leads: readonly number[];
  readonly steps: readonly Step[];
}
type Step =
  /** Braze sends these of them in one batch, `time` in this unit. */
  | { readonly kind: 'send'; readonly which: readonly number[]; readonly perSecond: number }
  | { readonly kind: 'tick'; readonly seconds: number }
  /** Two replicas lease and deliver at once. */
  | { readonly kind: 'deliver'; readonly how: 'well' | 'answer lost' | 'died before it was stored' }
  | { readonly kind: 'replay' }
  | { readonly kind: 'restart' };

const story: fc.Arbitrary<Story> = fc
  .array(fc.oneof(fc.integer({ min: -5, max: 120 }), fc.integer({ min: -5, max: 2 * day })), {
    minLength: 1,
    maxLength: 3,
  })
  .chain(leads => {
    const which = fc.array(fc.nat({ max: leads.length - 1 }), { minLength: 1, maxLength: 4 });
    const step: fc.Arbitrary<Step> = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          ...{ kind: fc.constant('send' as const), which },
          perSecond: fc.constantFrom(1, 1, 1_000, 1_000_000),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('tick' as const),
          seconds: fc.oneof(fc.nat({ max: 60 }), fc.nat({ max: day })),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('deliver' as const),
          how: fc.constantFrom('well', 'answer lost', 'died before it was stored'),
        }),
      },
      fc.constant({ kind: 'replay' as const }),
      fc.constant({ kind: 'restart' as const }),
    );
    return fc.record({ leads: fc.constant(leads), steps: fc.array(step, { maxLength: 20 }) });
  });

class World {
  readonly harness: StorageHarness;
  #storage: Storage;
  readonly #events: readonly { readonly id: string; readonly time: number }[];
  readonly #sent = new Set<number>();

  static async of(harness: StorageHarness, leads: readonly number[]): Promise<World> {
    return new World(harness, await harness.open(), leads);
  }

  private constructor(harness: StorageHarness, storage: Storage, leads: readonly number[]) {
    this.harness = harness;
    this.#storage = storage;
    const now = Math.floor(mixpanel.clock.now() / 1_000);
    this.#events = leads.map(lead => emailSend({ time: now + lead }) as { id: string; time: number });
  }

  async play(step: Step): Promise<void> {
    if (step.kind === 'tick') await mixpanel.clock.advance(step.seconds * 1_000);
    else if (step.kind === 'send') await this.#send(step.which, step.perSecond);
    else if (step.kind === 'deliver') await this.#deliver(step.how);
    else if (step.kind === 'replay') await this.#replay();
    else {
      await crash(this.harness, this.#storage);
      this.#storage = await this.harness.open();
    }
    for (const counts of Object.values(await this.#storage.journal.counts()))
      expect(conserves(counts)).toBe(true);
  }

  /** Two days later every event can be sent: the events in Mixpanel then, as stored and as shown. */
  async end() {
    await mixpanel.clock.advance(3 * day * 1_000);
    await this.#replay();
    for (let turn = 0; turn < 50 && (await this.#pending()) > 0; turn += 1) await this.#deliver('well');
    expect(await this.#pending()).toBe(0);
    expect(await this.#storage.deadLetters.list({ limit: 1 })).toEqual([]);
    const sent = [...this.#sent].map(index => this.#events[index]!);
    const raw = await theirs(mixpanel.model.events.readRaw(), sent);
    const shown = await theirs(mixpanel.model.events.readUnique(), sent);
    return { sent: sent.map(({ id, time }) => `${id} ${time}`).sort(), raw: [...new Set(raw)].sort(), shown };
  }

  async dispose(): Promise<void> {
    await this.#storage.close();
    await this.harness.dispose();
  }

  async #send(which: readonly number[], perSecond: number): Promise<void> {
    const events = which.map(index => {
      this.#sent.add(index);
      const event = this.#events[index]!;
      return { ...event, time: event.time * perSecond };
    });
    const text = JSON.stringify({ events });
    await this.#storage.journal.append(
      batchOf(text, {
        profile: mappingOptions,
        events: events.length,
        receivedAt: mixpanel.clock.now(),
        body: bytesOf(text),
      }),
    );
  }

  async #deliver(how: Extract<Step, { kind: 'deliver' }>['how']): Promise<void> {
    const { journal } = this.#storage;
    const now = () => epochMs(mixpanel.clock.now());
    await Promise.all(
      ['replica-1', 'replica-2'].map(async owner => {
        const rows = await journal.lease({ ...wholeQueue, owner, maxRows: 2, now: now() });
        if (rows.length === 0) return;
        await deliverUnit(rows, {
          ...{ owner, now, slices: new Slices(() => monotonicMs(0)), withoutSecrets: text => text },
          stop: new AbortController().signal,
          send: importing(how === 'answer lost'),
          journal:
            how === 'died before it was stored'
              ? { complete: () => Promise.reject(new Error('died')) }
              : journal,
        });
        const ids = rows.map(({ id }) => id);
        await journal.release(owner, ids, { delayMs: 0, attempt: false });
      }),
    );
  }

  async #replay(): Promise<void> {
    const { deadLetters } = this.#storage;
    await deadLetters.replay({ connection: 'default', profile: mappingOptions, limit: 100 });
  }

  async #pending(): Promise<number> {
    return (await this.#storage.journal.counts()).default?.pending ?? 0;
  }
}

const importing =
  (loses: boolean): ImportClient =>
  async events => {
    const response = await fetch(`${mixpanel.url}/import?strict=1&project_id=12345`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from('service-account:service-secret').toString('base64')}`,
        'content-type': 'application/json',
      },
      body: `[${events.map(({ json }) => json).join(',')}]`,
    });
    const body = await response.text();
    expect(response.status, body).toBe(200);
    return loses
      ? { kind: 'lost', why: 'cut' }
      : { kind: 'answered', status: response.status, body, retryAfterMs: undefined };
  };

type Stored = AsyncIterable<readonly { readonly properties: Record<string, unknown> }[]>;

/** `$insert_id` and time of the stored events that have one of these ids. */
async function theirs(stored: Stored, events: readonly { readonly id: string }[]): Promise<string[]> {
  const ids = new Set(events.map(({ id }) => id));
  const found: string[] = [];
  for await (const rows of stored)
    for (const { properties } of rows)
      if (ids.has(String(properties.$insert_id))) found.push(`${properties.$insert_id} ${properties.time}`);
  return found.sort();
}

async function areOneEach(createHarness: () => Promise<StorageHarness>, numRuns: number): Promise<void> {
  let early = 0;
  await fc.assert(
    fc.asyncProperty(story, async ({ leads, steps }) => {
      const world = await World.of(await createHarness(), leads);
      try {
        if (leads.some(lead => lead > 0)) early += 1;
        for (const step of steps) await world.play(step);
        const { sent, raw, shown } = await world.end();
        expect(raw).toEqual(sent);
        expect(shown).toEqual(sent);
      } finally {
        await world.dispose();
      }
    }),
    { numRuns },
  );
  expect(early).toBeGreaterThan(numRuns / 4);
}

const title =
  'events ahead of the clock are one event each in Mixpanel, with their own time, however often they are sent, lost, replayed and delivered at once';

describe('on SQLite', () => {
  it(title, () => areOneEach(sqliteHarness, 25), 60_000);
});

describeWithPostgres('on PostgreSQL', () => {
  let server: PostgresServer;
  let database: TestDatabase;
  beforeAll(async () => {
    server = await startPostgres();
    database = await server.createDatabase();
  }, 30_000);
  afterAll(() => server[Symbol.asyncDispose](), 30_000);

  it(title, () => areOneEach(() => postgresHarness(database), 15), 120_000);
});
