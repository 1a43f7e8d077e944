import { expect, it } from 'vitest';
import { imported } from '../../testing/samples.ts';
import { contract } from '../contract.ts';
import { ownersOf } from './owners.ts';

export const suspects = contract('a suspect', storage => {
  const { die, take } = ownersOf(storage);

  it('is a row whose owner died: it is leased alone, to an owner without other rows', async () => {
    await storage.append('a', 'b', 'c');
    await die(await take({ maxRows: 2 }));
    expect((await take()).texts).toEqual([]);
    const first = await take({ alone: true });
    expect(first.texts).toEqual(['a']);
    expect(first.rows[0]!.deaths).toBe(1);
  });

  it('keeps its owner until another one leases it: a late outcome counts', async () => {
    await storage.append('a');
    const { owner, rows } = await take();
    await storage.journal.renew(owner, [rows[0]!.id], 0);
    const other = await take();
    const ended = await storage.journal.complete(owner, [imported(rows[0]!)]);
    expect(ended).toEqual(other.rows.length > 0 ? [] : [rows[0]!.id]);
    expect((await take({ alone: true })).rows).toEqual([]);
  });

  it('becomes an ordinary row again, in its place, once it is acquitted', async () => {
    await storage.append('a', 'b');
    await die(await take());
    const { owner, rows, texts } = await take({ alone: true });
    expect(texts).toEqual(['a']);
    await storage.journal.acquit(owner, rows[0]!.id);
    const again = await take();
    expect(again.texts).toEqual(['a']);
    expect(again.rows[0]).toMatchObject({ deaths: 0, attempts: 0 });
  });

  it('is not a row that was released or completed before a clean close', async () => {
    await storage.append('given back', 'completed', 'kept');
    const { owner, rows } = await take();
    await storage.journal.release(owner, [rows[0]!.id], { delayMs: 0, attempt: false });
    await storage.journal.complete(owner, [imported(rows[1]!)]);
    await storage.journal.release(owner, [rows[2]!.id], { delayMs: 0, attempt: true });
    await storage.reopen();
    expect((await take()).rows.map(({ deaths }) => deaths)).toEqual([0, 0]);
  });

  it('can be acquitted by its owner only', async () => {
    await storage.append('a');
    await die(await take());
    const { owner, rows } = await take({ alone: true });
    await storage.journal.acquit('a stranger', rows[0]!.id);
    expect((await take({ alone: true })).rows).toEqual([]);
    await storage.journal.acquit(owner, rows[0]!.id);
    expect((await take()).rows[0]).toMatchObject({ deaths: 0 });
  });
});
