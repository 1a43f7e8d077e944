import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import { openStorage, type Storage } from '@braze-mixpanel/storage';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { epochMs, monotonicMs } from '../../src/clock/index.ts';
import { bodyOf } from '../../src/events/body/stored-body.ts';
import { deliverUnit } from '../../src/events/delivery/deliver-unit.ts';
import type { ImportClient } from '../../src/events/delivery/import-client.ts';
import { Slices } from '../../src/events/delivery/slices.ts';
import { trace, traceDelivered } from '../../src/privacy/trace.ts';
import { emailSend } from '../../src/testing/events.ts';

const user = 'ada';
const now = epochMs(1_800_000_000_000);
const profile = mappingOptionsText({ catalogueVersion: catalogue2022_06 });
const shadow = mappingOptionsText({ catalogueVersion: catalogue2022_06, shadow: true });

/** The events of the user; the last cannot be mapped. */
const ids = ['e0', 'e1', 'e2', 'e3', 'invalid'];
const eventOf = (id: string) =>
  emailSend({
    ...{ id, user: { external_user_id: user } },
    time: id === 'invalid' ? 'never' : now / 1_000 - 60,
  });

type Answer = 'accepted' | 'lost' | 'lost after Mixpanel has it' | 'unavailable' | 'garbage';
type Step =
  | { readonly step: 'receive'; readonly ids: readonly string[]; readonly shadow: boolean }
  | { readonly step: 'deliver'; readonly answer: Answer; readonly refused: readonly string[] }
  | { readonly step: 'replay' | 'purge' };

const someIds = fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    step: fc.constant('receive' as const),
    ids: someIds,
    shadow: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
  }),
  fc.record({
    step: fc.constant('deliver' as const),
    answer: fc.constantFrom<Answer>(
      'accepted',
      'accepted',
      'lost',
      'lost after Mixpanel has it',
      'unavailable',
      'garbage',
    ),
    refused: fc.uniqueArray(fc.constantFrom(...ids)),
  }),
  fc.record({ step: fc.constantFrom('replay' as const, 'purge' as const) }),
);

/** Answers one request; a refusal names the events, as in strict mode. */
function clientOf(
  answer: Answer,
  refused: readonly string[],
  onAccepted: (id: string) => void,
): ImportClient {
  return async events => {
    if (answer === 'lost') return { kind: 'lost', why: 'reset' };
    const sent = events.map(({ json }) => JSON.parse(json).properties.$insert_id as string);
    const failed = sent.flatMap((id, index) =>
      refused.includes(id) ? [{ index, insert_id: id, field: 'event', message: 'bad' }] : [],
    );
    const answered = (status: number, body: unknown) => ({
      ...{ kind: 'answered' as const, status, body: JSON.stringify(body), retryAfterMs: undefined },
    });
    if (answer === 'lost after Mixpanel has it') return { kind: 'lost', why: 'timeout' };
    if (answer === 'unavailable') return answered(503, {});
    if (answer === 'garbage') return answered(200, { code: 200, num_records_imported: -1 });
    for (const id of sent) if (!refused.includes(id)) onAccepted(id);
    const count = { num_records_imported: sent.length - failed.length };
    return failed.length === 0
      ? answered(200, { code: 200, ...count, status: 'OK' })
      : answered(400, { code: 400, ...count, failed_records: failed, error: 'some data points failed' });
  };
}

/** What a user's events are in storage, and what Mixpanel's answers said of them. */
class World {
  readonly #storage: Storage;
  readonly #connection: string;
  readonly received = new Set<string>();
  /** Events that an answer of Mixpanel vouches for. */
  readonly accepted = new Set<string>();

  constructor(storage: Storage, connection: string) {
    this.#storage = storage;
    this.#connection = connection;
  }

  async run(step: Step): Promise<void> {
    if (step.step === 'receive') await this.#receive(step.ids, step.shadow);
    else if (step.step === 'deliver') await this.#deliver(step.answer, step.refused);
    else await this.#end(step.step);
  }

  async #receive(received: readonly string[], isShadow: boolean): Promise<void> {
    const texts = received.map(id => JSON.stringify(eventOf(id)));
    await this.#storage.journal.append({
      ...{ connection: this.#connection, receivedAt: now, events: texts.length, body: bodyOf(texts) },
      profile: isShadow ? shadow : profile,
    });
    for (const id of received) this.received.add(id);
  }

  async #deliver(answer: Answer, refused: readonly string[]): Promise<void> {
    const { journal } = this.#storage;
    const owner = 'owner';
    const rows = await journal.lease({
      ...{
        connection: this.#connection,
        owner,
        leaseMs: 60_000,
        maxRows: 100,
        maxEvents: 1e6,
        maxBytes: 1e9,
        now,
      },
    });
    const result = await deliverUnit(rows, {
      journal: { complete: (by, outcomes) => journal.complete(by, outcomes, { keep: true }) },
      ...{ owner, withoutSecrets: text => text, now: () => now, keepsDelivered: () => true },
      send: clientOf(answer, refused, id => this.accepted.add(id)),
      slices: new Slices(() => monotonicMs(0)),
      stop: new AbortController().signal,
    });
    await journal.release(
      owner,
      result.unsettled.map(({ id }) => id),
      { delayMs: 0, attempt: true },
    );
  }

  async #end(how: 'replay' | 'purge'): Promise<void> {
    const { deadLetters } = this.#storage;
    const request = { connection: this.#connection, limit: 100 };
    if (how === 'replay') await deadLetters.replay({ ...request, profile });
    else await deadLetters.remove({ ...request, skippedAs: 'discarded' });
  }
}

it('Of any sequence of receipts, answers, replays and purges, each event is traced once, and as accepted only where an answer of Mixpanel accepted it', async () => {
  const storage = await openStorage('sqlite::memory:');
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async steps => {
      const connection = `run ${++run}`;
      const world = new World(storage, connection);
      for (const each of steps) await world.run(each);
      const options = {
        journal: {
          ...storage.journal,
          counts: async () => ({ [connection]: (await storage.journal.counts())[connection]! }),
        },
        ...{ deadLetters: storage.deadLetters, keepsDelivered: true, cohorts: { trace: async () => [] } },
        now: () => now,
        tombstones: { receiptNumber: async () => '', isForgotten: async () => false },
        receipts: storage.receipts,
      };
      const { pending, deadLetters, delivered } = (await trace(user, options)).connections[connection]!;
      const all = [...pending, ...deadLetters, ...delivered!];
      expect(all.map(({ id }) => id).sort()).toEqual([...world.received].sort());
      const accepted = all.filter(({ state }) => state === 'accepted').map(({ id }) => id);
      expect(new Set(accepted)).toEqual(world.accepted);

      for (const { history } of all)
        for (const { state, earlier } of history) expect(earlier && state === 'waiting').toBe(false);

      const waiting = await idsIn(storage, connection);
      for (const { id } of pending) expect(waiting).toContain(id);
      for (const id of waiting)
        if (!world.accepted.has(id)) expect(pending.map(each => each.id)).toContain(id);
      const letters = await storage.deadLetters.list({ connection, limit: 100 });
      for (const { state, id, reason } of deadLetters)
        expect(letters.some(each => JSON.parse(each.original).id === id && each.reason === reason)).toBe(
          ['refused', 'invalid'].includes(state),
        );

      const page = await traceDelivered(user, options, { limit: 200 });
      expect(
        page.delivered
          .filter(({ state }) => state === 'accepted')
          .map(({ id }) => id)
          .sort(),
      ).toEqual(accepted.sort());
      // Whether an event came again after shadow mode, the page alone does not tell.
      for (const { id, state } of page.delivered)
        if (!['accepted', 'shadow'].includes(state)) expect(delivered!.map(each => each.id)).toContain(id);
    }),
    { numRuns: 100 },
  );
  await storage.close();
});

it('An event that was refused, and accepted after a replay, is accepted, with both facts', async () => {
  const storage = await openStorage('sqlite::memory:');
  const world = new World(storage, 'default');
  await world.run({ step: 'receive', ids: ['e0'], shadow: false });
  await world.run({ step: 'deliver', answer: 'accepted', refused: ['e0'] });
  const options = optionsOf(storage);
  const traced = async () => (await trace(user, options)).connections.default;
  expect(await traced()).toMatchObject({
    pending: [],
    deadLetters: [{ id: 'e0', state: 'refused', history: [] }],
    delivered: [],
  });
  await world.run({ step: 'replay' });
  expect(await traced()).toMatchObject({
    pending: [{ id: 'e0', state: 'waiting', history: [{ state: 'refused', earlier: true }] }],
    ...{ deadLetters: [], delivered: [] },
  });
  await world.run({ step: 'deliver', answer: 'accepted', refused: [] });
  expect(await traced()).toMatchObject({
    ...{ pending: [], deadLetters: [] },
    delivered: [
      {
        ...{ id: 'e0', state: 'accepted' },
        history: [{ state: 'refused', at: new Date(now).toISOString(), earlier: true }],
      },
    ],
  });
  await storage.close();
});

it('A copy that waits, of an event that was accepted, is not what the event was before', async () => {
  const storage = await openStorage('sqlite::memory:');
  const world = new World(storage, 'default');
  const receive = { step: 'receive', ids: ['e0'], shadow: false } as const;
  await world.run(receive);
  await world.run({ step: 'deliver', answer: 'accepted', refused: [] });
  await world.run(receive);
  const { pending, delivered } = (await trace(user, optionsOf(storage))).connections.default!;
  expect(pending).toEqual([]);
  expect(delivered).toMatchObject([
    { state: 'accepted', batch: 1, history: [{ state: 'waiting', batch: 2, earlier: false }] },
  ]);
  await storage.close();
});

it("The next attempt is on the service's clock, wherever the queue's clock is, and an event that was put back waits", async () => {
  const storage = await openStorage('sqlite::memory:');
  const world = new World(storage, 'default');
  const lease = {
    ...{ connection: 'default', owner: 'o', leaseMs: 60_000, maxRows: 9, maxEvents: 9, maxBytes: 1e6, now },
  };
  for (const [id, attempt] of [
    ['e0', true],
    ['e1', false],
  ] as const) {
    await world.run({ step: 'receive', ids: [id], shadow: false });
    const [row] = await storage.journal.lease(lease);
    await storage.journal.release('o', [row!.id], { delayMs: 3_600_000, attempt });
  }
  const moved = now + 30 * 86_400_000;
  const { pending } = (await trace(user, { ...optionsOf(storage), now: () => moved })).connections.default!;
  expect(pending).toMatchObject([
    { id: 'e0', state: 'waiting', attempts: 1 },
    { id: 'e1', state: 'waiting', attempts: 0 },
  ]);
  for (const { nextAttempt } of pending) {
    const inMs = Date.parse(nextAttempt!) - moved;
    expect(inMs).toBeLessThanOrEqual(3_600_000);
    expect(inMs).toBeGreaterThan(0);
  }
  await storage.close();
});

const optionsOf = (storage: Storage) => ({
  ...{ journal: storage.journal, deadLetters: storage.deadLetters, keepsDelivered: true, now: () => now },
  cohorts: { trace: async () => [] },
  tombstones: { receiptNumber: async () => '', isForgotten: async () => false },
  receipts: storage.receipts,
});

async function idsIn(storage: Storage, connection: string): Promise<string[]> {
  const rows = await storage.journal.pending({ connection, after: 0, limit: 1_000 });
  return rows.flatMap(({ body }) =>
    (JSON.parse(new TextDecoder().decode(body)) as { events: { id: string }[] }).events.map(({ id }) => id),
  );
}
