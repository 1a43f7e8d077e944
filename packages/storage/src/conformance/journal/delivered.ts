import { expect, it } from 'vitest';
import { batchOf, bytesOf, imported, textOf } from '../../testing/samples.ts';
import { contract } from '../contract.ts';

export const delivered = contract('delivered', storage => {
  const page = { connection: 'default', after: 0, limit: 100 };
  const delivered = () => storage.journal.delivered(page);
  const append = async (...texts: string[]) => {
    for (const text of texts) await storage.journal.append(batchOf(text, { events: 3 }));
  };
  const deliver = async (keep: boolean) => {
    const rows = await storage.lease();
    await storage.journal.complete('deliverer-1', rows.map(imported), { keep });
    return rows;
  };

  it('has no bodies unless they are to be kept', async () => {
    await append('a');
    await deliver(false);
    expect(await delivered()).toEqual([]);
  });

  it('lists kept bodies unchanged, and the counts stay the same', async () => {
    await append('a', 'b');
    const rows = await deliver(true);
    const kept = await delivered();
    expect(kept.map(row => textOf(row.body))).toEqual(['a', 'b']);
    const { receivedAt, profile, events } = rows[0]!;
    expect(kept[0]).toMatchObject({ connection: 'default', receivedAt, profile, events });
    expect(kept[0]!.deliveredAt).toBeGreaterThan(receivedAt);
    expect(await storage.journal.pending(page)).toEqual([]);
    expect(await storage.counts()).toMatchObject({ accepted: 6, imported: 6, pending: 0, pendingBytes: 0 });
    expect(await storage.journal.delivered({ ...page, after: kept[0]!.id })).toHaveLength(1);
  });

  it('keeps bodies after a restart', async () => {
    await append('a');
    await deliver(true);
    await storage.crash();
    expect((await delivered()).map(row => textOf(row.body))).toEqual(['a']);
  });

  it('keeps the given outcomes and the moment of the completion with a body, and replaces outcomes with it', async () => {
    await append('a', 'b');
    const [row, unknown] = await storage.lease();
    const outcome = { ...imported(row!), outcomes: '{"dead":{"x":[1]}}', at: 7 };
    await storage.journal.complete('deliverer-1', [outcome, imported(unknown!)], { keep: true });
    const kept = await delivered();
    expect(kept[0]).toMatchObject({ outcomes: '{"dead":{"x":[1]}}', deliveredAt: 7 });
    expect(kept[1]!.outcomes).toBeUndefined();
    const change = { of: 'delivered' as const, events: 3, removed: 1, reason: 'forgotten' };
    for (const { id } of kept)
      await storage.journal.rewrite({
        ...change,
        id,
        body: bytesOf('less'),
        outcomes: id === row!.id ? '{}' : undefined,
      });
    expect((await delivered()).map(({ outcomes }) => outcomes)).toEqual(['{}', undefined]);
  });
});
