import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import { openStorage, type Storage } from '@braze-mixpanel/storage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyOf } from '../../src/events/body/stored-body.ts';
import { mapRow } from '../../src/events/delivery/map-rows.ts';
import { trace } from '../../src/privacy/trace.ts';
import { batchOf } from '../../src/testing/events.ts';
import { accepts, answers } from '../../src/testing/fake-mixpanel.ts';
import { eventOf, others, privacyTest, theirs } from '../../src/testing/privacy-test.ts';

const profile = mappingOptionsText({ catalogueVersion: catalogue2022_06 });
const ids = ['ada', 'bob', '7', '1e2', '100', '12345678901234567890', '12345678901234567000', '9\ud83c', ' '];
/** The JSON text of an ID, as Braze might send it, or of something that is no ID. */
const anyId = fc.oneof(
  fc.constantFrom(...ids).map(id => JSON.stringify(id)),
  fc.constantFrom(
    '7',
    '1e2',
    '12345678901234567890',
    '12345678901234567000',
    '1e999',
    'null',
    '["ada"]',
    'true',
  ),
);
const anyEvent = fc.oneof(
  { weight: 5, arbitrary: anyId.map(id => `{"user":{"external_user_id":${id}}}`) },
  anyId.map(id => `{"user":{"external_user_id":${id},"external_user_id":"bob"}}`),
  anyId.map(id => `{"properties":{"name":${id}}}`),
  fc.constantFrom('null', '"ada"', '[]'),
);

/** Keeps bodies after their delivery, with an index or without one. */
async function keep(storage: Storage, connection: string, bodies: string[][], indexed: boolean) {
  for (const events of bodies)
    await storage.journal.append({
      ...{ connection, receivedAt: 1_700_000_000_000, events: events.length, body: bodyOf(events), profile },
    });
  const rows = await storage.journal.lease({
    ...{ connection, owner: 'o', leaseMs: 60_000, maxRows: 100, maxEvents: 1e6, maxBytes: 1e9, now: 0 },
  });
  const outcomes = rows.map(row => {
    const { users } = mapRow(row, row.receivedAt, undefined, indexed);
    const counted = { imported: row.events, skipped: {}, deadLetters: [], notes: {}, days: [] };
    return { id: row.id, ...counted, ...(users && { users }) };
  });
  await storage.journal.complete('o', outcomes, { keep: true });
}

describe('the trace by index', () => {
  it('is the same as that by reading every kept body, for any events', async () => {
    const storage = await openStorage('sqlite::memory:');
    const options = {
      ...{ journal: storage.journal, deadLetters: storage.deadLetters, keepsDelivered: true },
      ...{ cohorts: { trace: async () => [] }, now: () => 0 },
      tombstones: { receiptNumber: async () => '', isForgotten: async () => false },
      receipts: storage.receipts,
    };
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anyEvent, { minLength: 1, maxLength: 4 }), { maxLength: 5 }),
        fc.constantFrom(...ids, '9\ufffd', 'Infinity', '1e999'),
        async (bodies, user) => {
          run += 1;
          const [byIndex, byScan] = [`index ${run}`, `scan ${run}`];
          await keep(storage, byIndex, bodies, true);
          await keep(storage, byScan, bodies, false);
          const { connections } = await trace(user, {
            ...options,
            journal: { ...storage.journal, counts: async () => only(await storage.journal.counts(), run) },
          });
          const lists = [byIndex, byScan].map(name => connections[name]?.delivered ?? []);
          const [found, expected] = lists.map(list => list.map(({ batch, deliveredAt, ...event }) => event));
          expect(found).toEqual(expected);
        },
      ),
      { numRuns: 100 },
    );
    await storage.close();
  });

  describe('in the service', () => {
    const test = privacyTest();

    it('reads only the batches of the user, and none after they were forgotten', async () => {
      const { service } = test.world;
      await service.post(batchOf(eventOf(theirs), eventOf(others)));
      await service.post(batchOf(eventOf(others)));
      await service.settled();
      expect(await test.trace(theirs)).toMatchObject({
        ...{ unindexed: 0, connections: { default: { delivered: [{ state: 'accepted' }] } } },
      });
      expect((await test.forget()).body).toMatchObject({ delivered: 1, complete: true });
      expect((await test.trace(theirs)).connections.default!.delivered).toEqual([]);
      expect((await test.trace(others)).connections.default!.delivered).toHaveLength(2);
    });

    it('lists the events of a batch that was read from storage', async () => {
      const { service } = test.world;
      test.mixpanel.behaviour = answers(503);
      await service.post(batchOf(eventOf(theirs)));
      await service.until(({ delivery }) => (delivery?.failuresInARow ?? 0) > 0);
      test.mixpanel.behaviour = accepts;
      await service.settled();
      expect(await test.trace(theirs)).toMatchObject({
        ...{ unindexed: 0, connections: { default: { delivered: [{ state: 'accepted' }] } } },
      });
    });
  });
});

/** The two connections of a run. */
const only = <Counts>(counts: Record<string, Counts>, run: number): Record<string, Counts> =>
  Object.fromEntries(Object.entries(counts).filter(([name]) => name.endsWith(` ${run}`)));
