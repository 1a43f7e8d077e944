import { expect, it } from 'vitest';
import { contract } from './contract.ts';

export const mappingHistory = contract('the history of mapping options', storage => {
  it('is listed by connection, the oldest first, after a crash too', async () => {
    await storage.mappingHistory.add('default', { since: 2e12, options: '{"a":"Grüße 🌳"}' });
    await storage.mappingHistory.add('default', { since: 1e12, options: '{"b":1}' });
    await storage.crash();
    expect(await storage.mappingHistory.list('default')).toEqual([
      { since: 1e12, options: '{"b":1}' },
      { since: 2e12, options: '{"a":"Grüße 🌳"}' },
    ]);
    expect(await storage.mappingHistory.list('other')).toEqual([]);
  });

  it('has an entry for each change alone, however often the same options are added', async () => {
    for (const [since, options] of [
      [1, 'a'],
      [2, 'a'],
      [3, 'b'],
      [4, 'a'],
      [5, 'a'],
    ] as const)
      await storage.mappingHistory.add('default', { since, options });
    await storage.mappingHistory.add('other', { since: 6, options: 'b' });
    expect(await storage.mappingHistory.list('default')).toEqual([
      { since: 1, options: 'a' },
      { since: 3, options: 'b' },
      { since: 4, options: 'a' },
    ]);
    expect(await storage.mappingHistory.list('other')).toEqual([{ since: 6, options: 'b' }]);
  });

  it('has the last options of a moment', async () => {
    await storage.mappingHistory.add('default', { since: 1, options: 'a' });
    await storage.mappingHistory.add('default', { since: 1, options: 'b' });
    expect(await storage.mappingHistory.list('default')).toEqual([{ since: 1, options: 'b' }]);
  });
});
