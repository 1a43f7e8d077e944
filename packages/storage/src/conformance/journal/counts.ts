import { expect, it } from 'vitest';
import { batchOf, imported } from '../../testing/samples.ts';
import { contract } from '../contract.ts';

export const counts = contract('counts', storage => {
  it('have every connection, with its oldest pending batch', async () => {
    await storage.journal.append(batchOf('12345', { receivedAt: 2_000, events: 3 }));
    await storage.journal.append(batchOf('123', { receivedAt: 1_000, events: 2 }));
    await storage.journal.append(batchOf('1', { connection: 'other' }));
    const counts = await storage.journal.counts();
    expect(Object.keys(counts).sort()).toEqual(['default', 'other']);
    expect(counts.default).toMatchObject({
      pending: 5,
      pendingBatches: 2,
      pendingBytes: 8,
      oldestPendingAt: 1_000,
    });
  });

  it('accept any text as a name', async () => {
    const strange = '__proto__';
    await storage.journal.append(batchOf('a', { connection: strange }));
    const [row] = await storage.lease({ connection: strange });
    await storage.journal.complete('deliverer-1', [
      { ...imported(row!), imported: 0, skipped: { constructor: 1 } },
    ]);
    expect(Object.entries(await storage.journal.counts())).toEqual([
      [strange, expect.objectContaining({ accepted: 1, skipped: { constructor: 1 } })],
    ]);
  });

  it('add up events per day and name, sorted', async () => {
    await storage.deliver({ days: [{ day: '2026-01-02', event: 'B', count: 1 }] });
    await storage.deliver({
      days: [
        { day: '2026-01-02', event: 'B', count: 2 },
        { day: '2026-01-02', event: 'A', count: 1 },
        { day: '2026-01-01', event: '[Braze Custom Event] ü', count: 1 },
        { day: '2025-12-31', event: 'A', count: 5 },
      ],
    });
    const request = { connection: 'default', from: '2026-01-01', to: '2026-01-02' };
    expect(await storage.journal.dayCounts(request)).toEqual([
      { day: '2026-01-01', event: '[Braze Custom Event] ü', count: 1 },
      { day: '2026-01-02', event: 'A', count: 1 },
      { day: '2026-01-02', event: 'B', count: 3 },
    ]);
    expect(await storage.journal.dayCounts({ ...request, connection: 'other' })).toEqual([]);
  });
});
