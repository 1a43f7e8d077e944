import { describe, expect, it, vi } from 'vitest';
import { deliveryTest } from '../../testing/delivery-test.ts';
import { RecordingJournal } from '../../testing/recording-journal.ts';
import { ConnectionDelivery } from './connection-delivery.ts';
import { SuspectSlot } from './suspect-slot.ts';

const test = deliveryTest();

describe('a batch that could crash the process', () => {
  const oversize = (count: number) =>
    new TextEncoder().encode(JSON.stringify({ events: Array(count).fill(0) }));

  it('that was leased at a crash is tried by itself, and nothing of it is sent before it is acquitted', async () => {
    test.journal.add(7, { deaths: 1 });
    test.delivery.start();
    await vi.advanceTimersByTimeAsync(100);
    expect(test.journal.acquitted).toEqual([7]);
    expect(test.sent).toEqual([]);
    expect(test.journal.completed).toEqual([]);
    test.journal.add(7);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(test.sent).toHaveLength(1);
  });

  it('is never worked on beside another suspect of the process, so that a crash by one never counts for another', async () => {
    const suspects = new SuspectSlot();
    const active = new Set<string>();
    const acquitted: string[] = [];
    let most = 0;
    const deliveries = ['one', 'two', 'three'].map(connection => {
      const own = new RecordingJournal();
      own.add(1, { connection, deaths: 1 });
      own.add(2, { connection, deaths: 1 });
      own.lease = async ({ alone }) => {
        await new Promise(resolve => setTimeout(resolve, 5));
        const rows = alone ? own.waiting.splice(0, 1) : [];
        if (rows.length > 0) active.add(connection);
        most = Math.max(most, active.size);
        return rows;
      };
      own.acquit = async (_owner, id) => {
        await new Promise(resolve => setTimeout(resolve, 20));
        active.delete(connection);
        acquitted.push(`${connection} ${id}`);
      };
      return new ConnectionDelivery({ ...test.options(), connection, journal: own, suspects });
    });
    for (const each of deliveries) each.start();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(most).toBe(1);
    expect(acquitted.sort()).toEqual(['one 1', 'one 2', 'three 1', 'three 2', 'two 1', 'two 2']);
    const stopped = deliveries.map(each => each.stop(0));
    await vi.advanceTimersByTimeAsync(1_000);
    await Promise.all(stopped);
  });

  it('of more events than are mapped at once is split, not mapped', async () => {
    test.journal.add(7, { events: 10_001, body: oversize(10_001) });
    test.delivery.start();
    const parts = [2_000, 2_000, 2_000, 2_000, 2_000, 1];
    await vi.waitFor(() => expect(test.journal.splitUp).toEqual([{ id: 7, events: parts }]));
    expect(test.sent).toEqual([]);
  });

  it.each([
    ['does not have the events that were counted', oversize(3)],
    ['is not what was accepted', new TextEncoder().encode('{"events":[0,')],
  ])('that %s is set aside for a while, and reported', async (_what, body) => {
    test.journal.add(7, { events: 10_001, body });
    test.delivery.start();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(test.delivery.status().lastError?.code).toBe('batch_unreadable');
    expect(test.journal.released).toEqual([{ ids: [7], delayMs: 300_000, attempt: true }]);
  });
});
