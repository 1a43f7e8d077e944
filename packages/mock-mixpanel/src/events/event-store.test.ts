import { gzipSync } from 'node:zlib';
import { projectTimeZone } from '@braze-mixpanel/core/mixpanel';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EventStore } from './event-store.ts';
import type { StoredEvent } from './stored-event.ts';

const receivedAt = 1_000_000_000_000;

/** Few distinct values, so that there are many duplicates. */
const event = fc.record({
  event: fc.constantFrom('Email Send', 'Email Open'),
  properties: fc.record({
    time: fc.constantFrom(900_000_000, 900_000_001),
    distinct_id: fc.constantFrom('ada', 'grace\nada'),
    $insert_id: fc.constantFrom('a', 'b', 'c'),
    version: fc.nat(),
  }),
});
const batch = fc.record({
  events: fc.array(fc.record({ event, valid: fc.boolean() }), { maxLength: 6 }),
  gzip: fc.boolean(),
  format: fc.constantFrom<'json' | 'ndjson'>('json', 'ndjson'),
});

const all = async (batches: AsyncIterable<StoredEvent[]>) => (await Array.fromAsync(batches)).flat();

it('the event store shows every row in the raw view, and the newest of each identity in the de-duplicated one, for any batches', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { maxLength: 8 }), async batches => {
      const store = new EventStore();
      const stored: StoredEvent[] = [];
      for (const { events, gzip, format } of batches) {
        const rows = events.map(one => one.event);
        const text =
          format === 'json' ? JSON.stringify(rows) : rows.map(row => JSON.stringify(row)).join('\n');
        const body = gzip ? gzipSync(text) : new TextEncoder().encode(text);
        store.append({ body, gzip, format }, rows, index => events[index]?.valid === true, receivedAt);
        stored.push(...events.filter(({ valid }) => valid).map(one => one.event));
      }
      const identity = ({ event, properties: { version: _, ...rest } }: StoredEvent) =>
        JSON.stringify([event, rest]);
      const newest = new Map(stored.map((one, position) => [identity(one), position]));
      const unique = stored.filter((one, position) => newest.get(identity(one)) === position);

      const opened = unique.filter(one => one.event === 'Email Open').length;
      const days = store.counts.ofDays('Email Open', ['1998-07-09'], projectTimeZone('UTC'));
      expect(days.get('1998-07-09')).toBe(opened);
      expect([store.raw, store.unique]).toEqual([stored.length, unique.length]);
      expect(await all(store.readRaw())).toEqual(stored);
      expect(await all(store.readUnique())).toEqual(unique);
      expect(await all(store.readUnique(undefined, 'newest first'))).toEqual(unique.toReversed());
      expect(await all(store.readUnique(['Email Open']))).toEqual(
        expect.arrayContaining(unique.filter(one => one.event === 'Email Open')),
      );
    }),
    { numRuns: 200 },
  );
});

it('a reading of the event store is a snapshot of its start', async () => {
  const store = new EventStore();
  const append = (version: number) => {
    const rows = [
      { event: 'Email Send', properties: { time: 1, distinct_id: 'ada', $insert_id: 'a', version } },
    ];
    const body = new TextEncoder().encode(JSON.stringify(rows));
    store.append({ body, gzip: false, format: 'json' }, rows, () => true, receivedAt);
  };
  append(1);
  const reading = store.readUnique();
  const first = await reading.next();
  append(2);
  expect((first.value ?? []).map(({ properties }: StoredEvent) => properties.version)).toEqual([1]);
  expect((await reading.next()).done).toBe(true);
  expect((await all(store.readUnique())).map(({ properties }) => properties.version)).toEqual([2]);
});
