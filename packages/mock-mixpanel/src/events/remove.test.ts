import fc from 'fast-check';
import { expect, it } from 'vitest';
import { batchOfRows } from '../import/read-batch.ts';
import { EventStore } from './event-store.ts';
import type { StoredEvent } from './stored-event.ts';

const event = fc.record({
  event: fc.constantFrom('Email Send', 'Email Open'),
  properties: fc.record({
    time: fc.constantFrom(900_000_000, 900_000_001),
    distinct_id: fc.constantFrom('ada', 'grace', 'alan'),
    $insert_id: fc.constantFrom('a', 'b'),
    version: fc.nat(),
  }),
});
const batches = fc.array(fc.array(event, { maxLength: 5 }), { maxLength: 5 });
const receivedAt = 1_000_000_000_000;
const fill = (store: EventStore, list: readonly StoredEvent[][]) => {
  for (const rows of list) store.append(batchOfRows(rows), rows, () => true, receivedAt);
};
const all = async (batches: AsyncIterable<StoredEvent[]>) => (await Array.fromAsync(batches)).flat();

it('the event store without some users is the same as if their events had never come', async () => {
  await fc.assert(
    fc.asyncProperty(batches, batches, fc.subarray(['ada', 'grace', 'alan']), async (before, after, gone) => {
      const isGone = ({ properties }: StoredEvent) => gone.includes(String(properties.distinct_id));
      const store = new EventStore();
      fill(store, before);
      await store.remove(isGone);
      fill(store, after);
      const other = new EventStore();
      fill(
        other,
        before.map(rows => rows.filter(row => !isGone(row))),
      );
      fill(other, after);
      expect([store.raw, store.unique]).toEqual([other.raw, other.unique]);
      expect(await all(store.readRaw())).toEqual(await all(other.readRaw()));
      expect(await all(store.readUnique())).toEqual(await all(other.readUnique()));
      expect(await all(store.readUnique(['Email Send'], 'newest first'))).toEqual(
        await all(other.readUnique(['Email Send'], 'newest first')),
      );
      expect(store.counts).toEqual(other.counts);
    }),
    { numRuns: 200 },
  );
});
