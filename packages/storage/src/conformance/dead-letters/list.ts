import { expect, it } from 'vitest';
import type { DeadLetterFilter, DeadLetterQuery } from '../../ports/index.ts';
import { batchOf, deadLetter, imported } from '../../testing/samples.ts';
import { contract } from '../contract.ts';

export const list = contract('the list of dead letters', storage => {
  it('is sorted from new to old, with pages and filters', async () => {
    await storage.addDeadLetters('default', [
      deadLetter({ detail: '1', reason: 'too_large', eventType: 'A' }),
      deadLetter({ detail: '2', reason: 'too_deep', eventType: 'A' }),
      deadLetter({ detail: '3', reason: 'too_deep', eventType: 'B' }),
    ]);
    await storage.addDeadLetters('other', [deadLetter({ detail: '4', reason: 'too_deep', eventType: 'A' })]);
    const details = async (query: Partial<DeadLetterQuery>) =>
      (await storage.deadLetters.list({ limit: 10, ...query })).map(letter => letter.detail);

    expect(await details({})).toEqual(['4', '3', '2', '1']);
    expect(await details({ connection: 'default' })).toEqual(['3', '2', '1']);
    expect(await details({ reason: 'too_deep', eventType: 'A' })).toEqual(['4', '2']);
    const [, third] = await storage.deadLetters.list({ limit: 2 });
    expect(await details({ before: third!.id, limit: 1 })).toEqual(['2']);
    expect(
      await details({ connection: 'default', reason: 'too_deep', eventType: 'A', before: third!.id }),
    ).toEqual(['2']);
  });

  it('can be filtered by insert id and by time of death', async () => {
    await storage.addDeadLetters('default', [
      deadLetter({ detail: '1', insertId: 'a' }),
      deadLetter({ detail: '2', insertId: 'b' }),
    ]);
    const [newest] = await storage.deadLetters.list({ limit: 1 });
    const found = async (filter: DeadLetterFilter) =>
      (await storage.deadLetters.list({ limit: 10, ...filter })).map(letter => letter.detail);
    expect(await found({ insertId: 'a' })).toEqual(['1']);
    const { diedAt } = newest!;
    expect(await found({ diedFrom: diedAt, diedBefore: diedAt + 1 })).toContain('2');
    expect(await found({ diedFrom: diedAt + 1 })).toEqual([]);
    expect(await found({ diedBefore: 1_700_000_000_000 })).toEqual([]);
    expect(await storage.deadLetters.countBy('reason', { insertId: 'b' })).toEqual({ too_deep: 1 });
  });

  it('is counted by event type, with an empty name for letters without one', async () => {
    await storage.addDeadLetters('default', [
      deadLetter({ eventType: 'A' }),
      deadLetter({ eventType: 'A' }),
      deadLetter({ eventType: '__proto__' }),
      deadLetter({}),
    ]);
    expect(Object.entries(await storage.deadLetters.countBy('eventType'))).toEqual(
      expect.arrayContaining([
        ['A', 2],
        ['__proto__', 1],
        ['', 1],
      ]),
    );
  });

  it('is counted by reason, of one connection or of all', async () => {
    await storage.addDeadLetters('default', [
      deadLetter({ reason: 'too_deep' }),
      deadLetter({ reason: 'too_large' }),
    ]);
    await storage.addDeadLetters('other', [deadLetter({ reason: 'too_deep' })]);
    expect(await storage.deadLetters.countBy('reason')).toEqual({ too_deep: 2, too_large: 1 });
    expect(await storage.deadLetters.countBy('reason', { connection: 'other' })).toEqual({ too_deep: 1 });
    expect(await storage.deadLetters.countBy('reason', { connection: 'unknown' })).toEqual({});
  });

  it('accepts 150,000 letters in one outcome, more than fit on the stack', async () => {
    const many = 150_000;
    await storage.journal.append(batchOf('a', { events: many }));
    const { id } = await storage.leaseOne();
    const letter = deadLetter({});
    const outcome = { ...imported({ id, events: 0 }), deadLetters: Array(many).fill(letter) };
    expect(await storage.journal.complete('deliverer-1', [outcome])).toEqual([id]);
    expect(await storage.counts()).toMatchObject({
      deadLettered: { too_deep: many },
      pending: 0,
    });
  }, 60_000);

  it('keeps every text unchanged', async () => {
    const letter = deadLetter({
      detail: 'a\u0000b',
      original: JSON.stringify({ text: 'Zürich 🚲 \ud800', long: 'x'.repeat(2_000_000) }),
      mapped: '{"event":"E"}',
    });
    await storage.addDeadLetters('default', [letter]);
    const [listed] = await storage.deadLetters.list({ limit: 1 });
    expect(listed).toMatchObject(letter);
    expect(await storage.deadLetters.get(listed!.id)).toEqual(listed);
    expect(await storage.deadLetters.get(listed!.id + 1)).toBeUndefined();
  });
});
