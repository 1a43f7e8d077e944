import { expect, it } from 'vitest';
import { textOf } from '../../testing/samples.ts';
import { contract } from '../contract.ts';

export const release = contract('release', storage => {
  it('counts a failed attempt and delays the row', async () => {
    await storage.append('failed', 'next');
    const failed = await storage.leaseOne();
    await storage.journal.release('deliverer-1', [failed.id], { delayMs: 3_600_000, attempt: true });
    expect(await storage.leasedTexts()).toEqual(['next']);
    expect(await storage.counts()).toMatchObject({ pending: 2 });
  });

  it('lets a row that is due for a retry come before rows that arrived later', async () => {
    await storage.append('first', 'second');
    const first = await storage.leaseOne();
    await storage.journal.release('deliverer-1', [first.id], { delayMs: 0, attempt: true });
    const rows = await storage.lease();
    expect(rows.map(row => [textOf(row.body), row.attempts])).toEqual([
      ['first', 1],
      ['second', 0],
    ]);
  });

  it('restores the order of rows if nothing failed', async () => {
    await storage.append('a', 'b');
    const rows = await storage.lease();
    await storage.journal.release('deliverer-1', [rows[1]!.id, rows[0]!.id], {
      delayMs: 0,
      attempt: false,
    });
    const again = await storage.lease();
    expect(again).toEqual(rows);
  });

  it('ignores rows of other owners', async () => {
    await storage.append('a');
    const { id } = await storage.leaseOne();
    await storage.journal.release('deliverer-2', [id], { delayMs: 0, attempt: true });
    expect(await storage.leasedTexts({ owner: 'deliverer-2' })).toEqual([]);
    await storage.journal.release('deliverer-1', [id], { delayMs: 0, attempt: false });
    expect(await storage.leaseOne()).toMatchObject({ id, attempts: 0 });
  });
});
