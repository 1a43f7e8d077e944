import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import type { LeasedBatch } from '@braze-mixpanel/storage';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { deliveryTest } from '../../testing/delivery-test.ts';
import { batchOf, emailSend } from '../../testing/events.ts';
import { MemoryBound } from '../ingest/memory-bound.ts';
import { type AcceptedBatch, AcceptedBatches } from './accepted-batches.ts';

const now = 1_800_000_000_000;
const profile = mappingOptionsText({ catalogueVersion: catalogue2022_06 });

function acceptedBatch(id: number, events: unknown[] = [emailSend()]): AcceptedBatch {
  const body = new TextEncoder().encode(JSON.stringify(batchOf(...events)));
  return { id, connection: 'default', receivedAt: 0, events: events.length, profile, body };
}
const leased = (batch: AcceptedBatch, body: Uint8Array = new Uint8Array()): LeasedBatch => ({
  ...{ ...batch, attempts: 0, deaths: 0, body },
});

describe('accepted batches in memory', () => {
  const kept = (...batches: AcceptedBatch[]) => {
    const memory = new MemoryBound(100_000);
    const accepted = new AcceptedBatches(memory);
    for (const batch of batches) accepted.keep(batch, undefined, now);
    return { accepted, memory };
  };

  it('give a leased row its body, and its events as they are mapped from the stored body', () => {
    const batch = acceptedBatch(7);
    const text = new TextDecoder().decode(batch.body);
    const { accepted, memory } = kept(batch);
    const listed = accepted.list();
    expect(listed).toEqual([{ id: 7, events: 1, bytes: text.length }]);
    const row = leased(batch);
    const [mapped] = accepted.take([row], listed).values();
    expect(new TextDecoder().decode(row.body)).toBe(text);
    expect(mapped?.batch).toBe(row);
    expect(mapped?.outbound).toHaveLength(1);
    expect([accepted.list(), memory.held]).toEqual([[], 0]);
  });

  it('give nothing for a row whose body storage has sent, since it was rewritten', () => {
    const { accepted, memory } = kept(acceptedBatch(7));
    const rewritten = leased(acceptedBatch(7), acceptedBatch(7, [{}]).body);
    expect(accepted.take([rewritten], accepted.list()).size).toBe(0);
    expect(memory.held).toBe(0);
  });

  it('are forgotten when a lease passes them over, since another replica has them', () => {
    const [first, second, third, fourth] = [1, 2, 3, 4].map(id => acceptedBatch(id));
    const { accepted, memory } = kept(first!, second!, third!);
    const listed = accepted.list();
    accepted.keep(fourth!, undefined, now);
    expect([...accepted.take([leased(second!)], listed).keys()]).toEqual([2]);
    expect(accepted.list().map(({ id }) => id)).toEqual([3, 4]);
    accepted.take([], accepted.list());
    expect([accepted.list(), memory.held]).toEqual([[], 0]);
  });

  it('are not kept beyond the memory, and all of it is free after the end', () => {
    const { accepted, memory } = kept(...Array.from({ length: 200 }, (_, id) => acceptedBatch(id)));
    expect(accepted.list().length).toBeGreaterThan(1);
    expect(accepted.list().length).toBeLessThan(200);
    expect(memory.held).toBeLessThanOrEqual(100_000);
    accepted.clear();
    expect([accepted.list(), memory.held]).toEqual([[], 0]);
  });

  it.each<[string, AcceptedBatch]>([
    ['has an event whose time has not come', acceptedBatch(1, [emailSend({ time: now / 1_000 + 60 })])],
    ['was accepted under mapping options that cannot be read', { ...acceptedBatch(1), profile: 'unknown' }],
    ['has too many events for one turn', acceptedBatch(1, Array(501).fill(0))],
  ])('have no batch that %s', (_, batch) => {
    const { accepted, memory } = kept(batch);
    expect([accepted.list(), memory.held]).toEqual([[], 0]);
  });
});

describe('delivery of batches in memory', () => {
  const test = deliveryTest();
  const events = fc.array(
    fc.oneof(
      fc.uuid().map(id => emailSend({ id })),
      fc.record({ id: fc.uuid(), event_type: fc.constantFrom('unknown.Type', 7, null) }),
      fc.jsonValue(),
    ),
    { minLength: 1, maxLength: 5 },
  );

  it('sends and stores the same as delivery of the same rows from storage', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(events, { minLength: 1, maxLength: 4 }), async batches => {
        const run = async (inMemory: boolean) => {
          const { journal } = test;
          journal.completed.splice(0);
          test.sent = [];
          for (const [index, each] of batches.entries()) {
            const batch = acceptedBatch(index + 1, each);
            journal.add(batch.id, { ...batch, body: batch.body.slice() });
            if (inMemory) test.delivery.accepted(batch, index % 2 === 0 ? structuredClone(each) : undefined);
          }
          test.delivery.wake();
          await vi.advanceTimersByTimeAsync(2_000);
          return structuredClone({ sent: test.sent, completed: journal.completed });
        };
        test.delivery.start();
        const fromStorage = await run(false);
        expect(fromStorage.completed).toHaveLength(batches.length);
        expect(await run(true)).toEqual(fromStorage);
      }),
      { numRuns: 50 },
    );
  });
});
