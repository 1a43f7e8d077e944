import { expect, it } from 'vitest';
import { batchOf, bytesOf, HOUR, imported } from '../../testing/samples.ts';
import { contract } from '../contract.ts';
import { ownersOf } from './owners.ts';

export const split = contract('split', storage => {
  const { take } = ownersOf(storage);
  const parts = [
    { events: 2, body: bytesOf('first') },
    { events: 1, body: bytesOf('second') },
  ];

  it('replaces a batch by several, with its time of receipt and profile', async () => {
    const original = batchOf('large', {
      events: 3,
      receivedAt: 1_650_000_000_000,
      profile: '{"its":"own"}',
    });
    await storage.journal.append(original);
    const { owner, rows } = await take({ leaseMs: HOUR });
    expect(await storage.journal.split(owner, rows[0]!.id, parts)).toBe(true);
    const pieces = await take();
    expect(pieces.texts).toEqual(['first', 'second']);
    for (const piece of pieces.rows)
      expect(piece).toMatchObject({
        receivedAt: 1_650_000_000_000,
        profile: '{"its":"own"}',
        attempts: 0,
      });
    expect(await storage.counts()).toMatchObject({
      accepted: 3,
      pending: 3,
      pendingBatches: 2,
    });
  });

  it('is rejected if a part is missing, and has no effect on a batch of another owner', async () => {
    await storage.journal.append(batchOf('large', { events: 3 }));
    const { owner, rows } = await take();
    await expect(storage.journal.split(owner, rows[0]!.id, parts.slice(1))).rejects.toThrow('parts of batch');
    expect(await storage.journal.split('a stranger', rows[0]!.id, parts)).toBe(false);
    expect(await storage.journal.complete(owner, [imported(rows[0]!)])).toEqual([rows[0]!.id]);
  });
});
