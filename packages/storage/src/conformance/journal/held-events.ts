import { beforeEach, expect, it } from 'vitest';
import type { BatchOutcome, HeldBatch } from '../../ports/index.ts';
import { batchOf, bytesOf, HOUR, imported, textOf } from '../../testing/samples.ts';
import { contract } from '../contract.ts';

export const heldEvents = contract('held events', storage => {
  beforeEach(() => storage.journal.append(batchOf('five', { events: 5, receivedAt: 1_700_000_000_777 })));

  const lease = (now = 0) => storage.lease({ now });
  const texts = async (now: number) => (await lease(now)).map(({ body }) => textOf(body));
  const held = (text: string, until: number, events = 1): HeldBatch => ({
    ...{ until, events, body: bytesOf(text) },
  });
  const holding = (id: number, ...batches: HeldBatch[]): BatchOutcome => ({
    ...{ id, skipped: {}, deadLetters: [], notes: {}, days: [], held: batches },
    imported: 5 - batches.reduce((sum, { events }) => sum + events, 0),
  });
  const hold = async (...batches: HeldBatch[]) => {
    const [row] = await lease();
    expect(await storage.journal.complete('deliverer-1', [holding(row!.id, ...batches)])).toEqual([row!.id]);
    return row!;
  };

  it('stay pending, with the profile and time of receipt of their batch', async () => {
    const { profile } = await hold(held('later', HOUR, 2));
    expect(await storage.counts()).toMatchObject({
      ...{ accepted: 5, imported: 3, pending: 2, held: 2, pendingBatches: 1, pendingBytes: 5 },
      oldestPendingAt: undefined,
    });
    const [row] = await lease(HOUR);
    expect(row).toMatchObject({ profile, events: 2, attempts: 0, receivedAt: 1_700_000_000_777 });
    await storage.journal.complete('deliverer-1', [imported(row!)]);
    expect(await storage.counts()).toMatchObject({ accepted: 5, imported: 5, pending: 0, held: 0 });
  });

  it('cannot be leased before their time', async () => {
    await hold(held('at two', 2_000), held('at one', 1_000), held('at three', 3_000));
    await storage.journal.append(batchOf('fresh'));
    expect(await texts(999)).toEqual(['fresh']);
    expect(await texts(2_999)).toEqual(['at one', 'at two']);
    expect(await texts(3_000)).toEqual(['at three']);
  });

  it('become due by the clock of the lease, not by that of the storage', async () => {
    await hold(held('far', 4_000_000_000_000));
    expect(await texts(3_999_999_999_999)).toEqual([]);
    expect(await texts(4_000_000_000_000)).toEqual(['far']);
  });

  it('are delayed by a failed delivery like other batches, and count as waiting from then on', async () => {
    await hold(held('later', 1_000));
    const [row] = await lease(1_000);
    await storage.journal.release('deliverer-1', [row!.id], { delayMs: 0, attempt: false });
    expect(await storage.counts()).toMatchObject({ held: 1 });
    await lease(1_000);
    await storage.journal.release('deliverer-1', [row!.id], { delayMs: HOUR, attempt: true });
    expect(await texts(1_000_000_000_000)).toEqual([]);
    expect(await storage.counts()).toMatchObject({ held: 0, oldestPendingAt: 1_700_000_000_777 });
  });

  it('survive a crash, with their time', async () => {
    await hold(held('later', 1_000));
    await storage.crash();
    expect(await texts(999)).toEqual([]);
    expect(await texts(1_000)).toEqual(['later']);
  });

  it('can be listed and rewritten', async () => {
    await hold(held('later', 1_000, 2));
    const [row] = await storage.journal.pending({ connection: 'default', after: 0, limit: 10 });
    expect(row).toMatchObject({ events: 2, leased: false, heldUntil: 1_000, retryInMs: undefined });
    const change = { id: row!.id, of: 'pending', events: 2, removed: 1, reason: 'forgotten' } as const;
    expect(await storage.journal.rewrite({ ...change, body: bytesOf('less') })).toBe('done');
    expect(await storage.counts()).toMatchObject({ pending: 1, held: 1, skipped: { forgotten: 1 } });
    expect(await texts(999)).toEqual([]);
    expect(await texts(1_000)).toEqual(['less']);
  });

  it('are not stored by an owner without the lease, nor by an outcome that does not add up', async () => {
    const [row] = await lease();
    expect(await storage.journal.complete('other', [holding(row!.id, held('a', 1_000))])).toEqual([]);
    const wrong = { ...holding(row!.id, held('a', 1_000)), imported: 5 };
    await expect(storage.journal.complete('deliverer-1', [wrong])).rejects.toThrow(/accounts for 6 of its 5/);
    expect(await storage.counts()).toMatchObject({ pending: 5, held: 0, pendingBatches: 1 });
  });
});
