import { expect, it } from 'vitest';
import { batchOf, imported, textOf } from '../../testing/samples.ts';
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
});
