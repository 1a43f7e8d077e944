import { projectTimeZone } from '@braze-mixpanel/core/mixpanel';
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
const countsOf = ({ counts }: EventStore) =>
  ['Email Send', 'Email Open'].map(name => counts.ofDays(name, ['1998-07-09'], projectTimeZone('UTC')));
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
      expect(countsOf(store)).toEqual(countsOf(other));
    }),
    { numRuns: 200 },
  );
});

it('the event store without its oldest batches is the same as if these had never come', async () => {
  await fc.assert(
    fc.asyncProperty(batches, batches, fc.nat({ max: 25 }), async (before, after, keep) => {
      const store = new EventStore();
      fill(store, before);
      const rows = store.raw;
      const dropped = await store.dropOldest(keep);
      expect(store.raw).toBe(rows - dropped);
      expect(store.raw).toBeGreaterThanOrEqual(Math.min(rows, keep));
      fill(store, after);
      const other = new EventStore();
      fill(other, [before.flat().slice(dropped), ...after]);
      expect([store.raw, store.unique]).toEqual([other.raw, other.unique]);
      expect(await all(store.readRaw())).toEqual(await all(other.readRaw()));
      expect(await all(store.readUnique())).toEqual(await all(other.readUnique()));
      expect(countsOf(store)).toEqual(countsOf(other));
    }),
    { numRuns: 200 },
  );
});

it('the event store drops no batch that it would need to keep enough rows', async () => {
  const store = new EventStore();
  const row = (id: string) => ({
    event: 'Email Send',
    properties: { time: 900_000_000, distinct_id: 'ada', $insert_id: id },
  });
  fill(store, [
    [row('a'), row('b')],
    [row('c'), row('d')],
  ]);
  expect(await store.dropOldest(3)).toBe(0);
  expect(await store.dropOldest(2)).toBe(2);
  expect((await all(store.readUnique())).map(({ properties }) => properties.$insert_id)).toEqual(['c', 'd']);
  expect(await store.dropOldest(0)).toBe(2);
  expect(store.raw).toBe(0);
});
