import { expect, it } from 'vitest';
import type { Replay } from '../../ports/index.ts';
import { deadLetter, imported, textOf } from '../../testing/samples.ts';
import { contract } from '../contract.ts';

export const replay = contract('replay', storage => {
  const today = '{"generation":"2022-06","sendUnlisted":true}';
  const all = { connection: 'default', profile: today, limit: 10 };

  it('moves a dead letter back into the queue as its own batch, with its time of receipt and today’s mapping options', async () => {
    await storage.addDeadLetters('default', [deadLetter({ reason: 'too_deep', original: '{"deep":"ü"}' })]);
    const [letter] = await storage.deadLetters.list({ limit: 1 });
    expect(await storage.deadLetters.replay(all)).toEqual([letter!.id]);
    expect(await storage.deadLetters.get(letter!.id)).toBeUndefined();
    const row = await storage.leaseOne();
    expect(textOf(row.body)).toBe('{"events":[{"deep":"ü"}]}');
    expect(row).toMatchObject({ events: 1, attempts: 0, receivedAt: letter!.receivedAt, profile: today });
  });

  it('moves the count from dead-lettered to pending, and does not count events as accepted again', async () => {
    await storage.addDeadLetters('default', [
      deadLetter({ reason: 'too_deep' }),
      deadLetter({ reason: 'too_deep' }),
      deadLetter({ reason: 'too_large' }),
    ]);
    await storage.deadLetters.replay({ ...all, limit: 2 });
    expect(await storage.counts()).toMatchObject({
      accepted: 3,
      deadLettered: { too_deep: 1 },
      pending: 2,
      pendingBatches: 2,
    });
    expect((await storage.counts()).deadLettered).toEqual({ too_deep: 1 });
    expect(await storage.deadLetters.countBy('reason')).toEqual({ too_deep: 1 });

    const rows = await storage.lease();
    await storage.journal.complete('deliverer-1', rows.map(imported));
    expect(await storage.counts()).toMatchObject({
      accepted: 3,
      imported: 2,
      pending: 0,
    });
  });

  it('selects by connection, reason, event type, id and upper id', async () => {
    await storage.addDeadLetters('other', [deadLetter({ detail: 'other' })]);
    await storage.addDeadLetters('default', [
      deadLetter({ detail: '1', reason: 'too_large', eventType: 'A' }),
      deadLetter({ detail: '2', reason: 'too_deep', eventType: 'A' }),
      deadLetter({ detail: '3', reason: 'too_deep', eventType: 'B' }),
      deadLetter({ detail: '4', reason: 'too_deep', eventType: 'B' }),
    ]);
    const ids = new Map((await storage.deadLetters.list({ limit: 10 })).map(each => [each.detail, each.id]));
    const replayed = (query: Partial<Replay>) => storage.deadLetters.replay({ ...all, ...query });
    expect(await replayed({ ids: [ids.get('other')!] })).toEqual([]);
    expect(await replayed({ reason: 'too_large' })).toEqual([ids.get('1')]);
    expect(await replayed({ ids: [ids.get('3')!, 999_999] })).toEqual([ids.get('3')]);
    expect(await replayed({ before: ids.get('4')! })).toEqual([ids.get('2')]);
    expect(await replayed({})).toEqual([ids.get('4')]);
    expect(await replayed({})).toEqual([]);
    expect((await storage.deadLetters.list({ limit: 10 })).map(each => each.detail)).toEqual(['other']);
  });

  it('uses the corrected originals that are given by id', async () => {
    await storage.addDeadLetters('default', [
      deadLetter({ original: '{"n":1}' }),
      deadLetter({ original: '{"n":2}' }),
      deadLetter({ original: '{"n":3}' }),
    ]);
    const [third, , first] = await storage.deadLetters.list({ limit: 10 });
    const ids = [first!.id, third!.id];
    const corrected = { [first!.id]: '{"n":"ü"}' };
    expect(await storage.deadLetters.replay({ ...all, ids, corrected })).toEqual([third!.id, first!.id]);
    const rows = await storage.journal.pending({ connection: 'default', after: 0, limit: 10 });
    expect(rows.map(row => textOf(row.body)).sort()).toEqual([
      '{"events":[{"n":"ü"}]}',
      '{"events":[{"n":3}]}',
    ]);
    expect(rows.map(row => row.receivedAt)).toEqual([third!.receivedAt, first!.receivedAt]);
  });

  it('moves a letter once if it is called twice concurrently', async () => {
    await storage.addDeadLetters('default', [deadLetter({})]);
    const both = await Promise.all([storage.deadLetters.replay(all), storage.deadLetters.replay(all)]);
    expect(both.flat()).toHaveLength(1);
    expect(await storage.counts()).toMatchObject({ accepted: 1, pending: 1 });
  });
});
