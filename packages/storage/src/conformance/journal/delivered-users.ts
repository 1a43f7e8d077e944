import { expect, it } from 'vitest';
import { batchOf, bytesOf, imported, textOf } from '../../testing/samples.ts';
import { contract } from '../contract.ts';

export const deliveredUsers = contract('the index of kept bodies', storage => {
  const page = { connection: 'default', after: 0, limit: 100 };
  const found = async (...users: string[]) =>
    (await storage.journal.delivered({ ...page, users })).map(({ body }) => textOf(body));
  /** Keeps a batch of two events; without `users` it has no index. */
  const keep = async (text: string, users?: string[], connection = 'default') => {
    await storage.journal.append(batchOf(text, { events: 2, connection }));
    const [row] = await storage.lease({ connection });
    const outcome = { ...imported(row!), ...(users && { users }) };
    await storage.journal.complete('deliverer-1', [outcome], { keep: true });
    return row!.id;
  };
  const rewrite = (id: number, removed: number, users: string[]) =>
    storage.journal.rewrite({
      ...{ id, of: 'delivered', events: 2, removed, body: bytesOf('less'), reason: 'forgotten', users },
    });

  it('finds the batches of a user and those without an index, in order of their ids', async () => {
    await keep('ada', ['ada']);
    await keep('unknown');
    await keep('both', ['bob', 'ada', 'ada']);
    await keep('empty', []);
    await keep('elsewhere', ['ada'], 'other');
    expect(await found('ada')).toEqual(['ada', 'unknown', 'both']);
    expect(await found('bob')).toEqual(['unknown', 'both']);
    expect(await found('bob', 'ada')).toEqual(['ada', 'unknown', 'both']);
    expect(await found('carol')).toEqual(['unknown']);
    const all = await storage.journal.delivered(page);
    expect(all.map(({ indexed }) => indexed)).toEqual([true, false, true, true]);
  });

  it('has pages', async () => {
    for (const text of ['a', 'b', 'c', 'd']) await keep(text, text === 'b' ? undefined : ['ada']);
    const texts: string[] = [];
    for (let after = 0; ; ) {
      const rows = await storage.journal.delivered({ ...page, after, limit: 1, users: ['ada'] });
      const [row] = rows;
      if (row === undefined) break;
      texts.push(textOf(row.body));
      after = row.id;
    }
    expect(texts).toEqual(['a', 'b', 'c', 'd']);
  });

  it('has pages from the newest to the oldest', async () => {
    for (const text of ['a', 'b', 'c', 'd', 'e']) {
      await keep(text, text === 'c' ? undefined : text === 'd' ? ['bob'] : ['ada']);
      await keep('elsewhere', ['ada'], 'other');
    }
    const pages = async (limit: number, users?: readonly string[]) => {
      const texts: string[][] = [];
      for (let before = Number.MAX_SAFE_INTEGER; ; ) {
        const rows = await storage.journal.delivered({
          ...{ connection: 'default', before, limit },
          ...(users && { users }),
        });
        if (rows.length === 0) return texts;
        texts.push(rows.map(({ body }) => textOf(body)));
        before = rows.at(-1)!.id;
      }
    };
    expect(await pages(2, ['ada'])).toEqual([
      ['e', 'c'],
      ['b', 'a'],
    ]);
    expect(await pages(3, ['ada', 'bob'])).toEqual([
      ['e', 'd', 'c'],
      ['b', 'a'],
    ]);
    expect(await pages(3)).toEqual([
      ['e', 'd', 'c'],
      ['b', 'a'],
    ]);
    expect(await pages(10, ['carol'])).toEqual([['c']]);
  });

  it('finds batches far from each other, and any id', async () => {
    const ids = ['', '\u0000', '𝒶', '9\ud83c', 'x'.repeat(10_000), "'; --", '12345678901234567890'];
    for (const [index, id] of ids.entries()) {
      for (let other = 0; other < 100; other += 1) await storage.append('other');
      for (const row of await storage.lease()) await storage.journal.complete('deliverer-1', [imported(row)]);
      await keep(`${index}`, [id]);
    }
    for (const [index, id] of ids.entries()) expect(await found(id)).toEqual([`${index}`]);
    const newest = { connection: 'default', before: Number.MAX_SAFE_INTEGER, limit: 3, users: ids };
    const texts = (await storage.journal.delivered(newest)).map(({ body }) => textOf(body));
    expect(texts).toEqual(['6', '5', '4']);
    expect(await found('9\ufffd')).toEqual(['3']);
  });

  it('is not written for a body that is not kept', async () => {
    await storage.deliver({ users: ['ada'] });
    expect(await found('ada')).toEqual([]);
  });

  it('loses a user whose events were removed, and no other', async () => {
    const id = await keep('whole', ['ada', 'bob']);
    await keep('other', ['ada']);
    expect(await rewrite(id, 1, ['ada'])).toBe('done');
    expect(await found('ada')).toEqual(['other']);
    expect(await found('bob')).toEqual(['less']);
  });

  it('loses all users of a batch whose last event was removed, or that was swept', async () => {
    const id = await keep('whole', ['ada', 'bob']);
    expect(await rewrite(id, 2, ['ada'])).toBe('done');
    await keep('kept', ['ada', 'bob']);
    expect(await found('bob')).toEqual(['kept']);
    await storage.sweep({ deliveredBefore: Date.now() + 1e10 });
    expect(await found('bob')).toEqual([]);
  });

  it('is there after a crash', async () => {
    await keep('whole', ['ada']);
    await storage.crash();
    expect(await found('ada')).toEqual(['whole']);
    expect(await found('bob')).toEqual([]);
  });
});
