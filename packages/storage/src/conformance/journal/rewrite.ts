import { expect, it } from 'vitest';
import type { Rewrite } from '../../ports/index.ts';
import { batchOf, bytesOf, imported, textOf } from '../../testing/samples.ts';
import { contract } from '../contract.ts';

export const rewrite = contract('rewrite', storage => {
  const page = { connection: 'default', after: 0, limit: 100 };
  const pending = () => storage.journal.pending(page);
  const delivered = () => storage.journal.delivered(page);
  const append = async (...texts: string[]) => {
    for (const text of texts) await storage.journal.append(batchOf(text, { events: 3 }));
  };
  const deliver = async (keep: boolean) => {
    const rows = await storage.lease();
    await storage.journal.complete('deliverer-1', rows.map(imported), { keep });
    return rows;
  };
  const rewriteOf = (id: number, changes: Partial<Rewrite> = {}): Rewrite => ({
    ...{ id, of: 'pending', events: 3, removed: 1, body: bytesOf('less'), reason: 'forgotten' },
    ...changes,
  });

  it('removes events of a pending batch and counts them as skipped, with the reason', async () => {
    await append('whole');
    const [row] = await pending();
    expect(await storage.journal.rewrite(rewriteOf(row!.id))).toBe('done');
    expect(await storage.counts()).toMatchObject({
      accepted: 3,
      pending: 2,
      skipped: { forgotten: 1 },
      pendingBytes: 4,
    });
    const [leased] = await storage.lease();
    expect({ ...leased!, body: textOf(leased!.body) }).toMatchObject({
      id: row!.id,
      events: 2,
      body: 'less',
    });
    await storage.journal.complete('deliverer-1', [imported(leased!)]);
    expect(await storage.counts()).toMatchObject({ imported: 2, pending: 0 });
  });

  it('removes a batch that has no events left', async () => {
    await append('whole');
    const [row] = await pending();
    const all = () => rewriteOf(row!.id, { removed: 3, body: bytesOf('{"events":[]}') });
    expect(await storage.journal.rewrite(all())).toBe('done');
    expect(await pending()).toEqual([]);
    expect(await storage.counts()).toMatchObject({
      pending: 0,
      pendingBatches: 0,
      skipped: { forgotten: 3 },
    });
    expect(await storage.journal.rewrite(all())).toBe('gone');
  });

  it('does not change a batch that is leased, changed or gone', async () => {
    await append('whole');
    const [row] = await storage.lease();
    expect(await storage.journal.rewrite(rewriteOf(row!.id))).toBe('leased');
    expect(await storage.journal.rewrite(rewriteOf(row!.id + 1))).toBe('gone');
    await storage.journal.release('deliverer-1', [row!.id], { delayMs: 0, attempt: false });
    expect(await storage.journal.rewrite(rewriteOf(row!.id, { events: 2 }))).toBe('changed');
    expect((await pending()).map(each => textOf(each.body))).toEqual(['whole']);
    expect(await storage.counts()).toMatchObject({ pending: 3, skipped: {} });
  });

  it('ends an expired lease: a late outcome for removed events does not count', async () => {
    await append('whole');
    const [row] = await storage.lease({ leaseMs: 0 });
    expect(await storage.journal.rewrite(rewriteOf(row!.id))).toBe('done');
    expect(await storage.journal.complete('deliverer-1', [imported(row!)])).toEqual([]);
    expect(await storage.counts()).toMatchObject({ imported: 0, pending: 2, skipped: { forgotten: 1 } });
  });

  it('removes events of a delivered body without changing the counts', async () => {
    await append('a', 'b');
    await deliver(true);
    const [a, b] = await delivered();
    const before = await storage.counts();
    expect(await storage.journal.rewrite(rewriteOf(a!.id, { of: 'delivered' }))).toBe('done');
    expect(await storage.journal.rewrite(rewriteOf(b!.id, { of: 'delivered', removed: 3 }))).toBe('done');
    expect(await storage.journal.rewrite(rewriteOf(a!.id))).toBe('gone');
    expect((await delivered()).map(row => [textOf(row.body), row.events])).toEqual([['less', 2]]);
    expect(await storage.counts()).toEqual(before);
  });

  it('counts events of a delivered body as removed, by name and day, and those of a pending one as skipped', async () => {
    const days = [{ day: '2026-01-02', event: 'A', count: 2 }];
    await append('a', 'b');
    await deliver(true);
    for (const { id } of await delivered())
      await storage.journal.rewrite(rewriteOf(id, { of: 'delivered', days }));
    await append('c');
    const [row] = await pending();
    await storage.journal.rewrite(rewriteOf(row!.id, { days }));
    await storage.crash();
    const request = { connection: 'default', from: '2026-01-02', to: '2026-01-02' };
    expect(await storage.journal.dayOutcomes(request)).toEqual([
      { ...days[0], kind: 'removed', reason: '', count: 4 },
      { ...days[0], kind: 'skipped', reason: 'forgotten', count: 2 },
    ]);
  });
});
