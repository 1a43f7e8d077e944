import { expect, it } from 'vitest';
import { deadLetter } from '../../testing/samples.ts';
import { contract } from '../contract.ts';

export const remove = contract('the removal of dead letters', storage => {
  const add = (...texts: string[]) =>
    storage.addDeadLetters(
      'default',
      texts.map(text => deadLetter({ detail: text, insertId: text, reason: `dead_${text}` })),
    );
  const remove = { connection: 'default', limit: 10, skippedAs: 'purged' };

  it('moves the count from dead-lettered to skipped', async () => {
    await add('a', 'b', 'c');
    const [c, b] = await storage.deadLetters.list({ limit: 10 });
    expect(await storage.deadLetters.remove({ ...remove, reason: 'dead_b' })).toEqual([b!.id]);
    expect(await storage.deadLetters.get(b!.id)).toBeUndefined();
    expect(await storage.counts()).toMatchObject({ accepted: 3, skipped: { purged: 1 }, pending: 0 });
    expect((await storage.counts()).deadLettered).toEqual({ dead_a: 1, dead_c: 1 });
    expect(await storage.deadLetters.remove({ ...remove, ids: [c!.id, b!.id] })).toEqual([c!.id]);
    expect(await storage.deadLetters.remove({ ...remove, limit: 1 })).toHaveLength(1);
    expect(await storage.deadLetters.remove(remove)).toEqual([]);
    expect((await storage.counts()).skipped).toEqual({ purged: 3 });
  });

  it('concerns one connection only', async () => {
    await add('a');
    expect(await storage.deadLetters.remove({ ...remove, connection: 'other' })).toEqual([]);
    expect(await storage.deadLetters.countBy('reason')).toEqual({ dead_a: 1 });
  });
});
