import { expect, it } from 'vitest';
import { batchOf, bytesOf, wholeQueue } from '../../testing/samples.ts';
import { contract } from '../contract.ts';

export const lease = contract('lease', storage => {
  it('gives rows in order of arrival, each to one owner', async () => {
    await storage.append('a', 'b', 'c');
    expect(await storage.leasedTexts({ maxRows: 2 })).toEqual(['a', 'b']);
    expect(await storage.leasedTexts({ owner: 'deliverer-2' })).toEqual(['c']);
    expect(await storage.leasedTexts()).toEqual([]);
  });

  it('gives rows of one connection only', async () => {
    await storage.journal.append(batchOf('ours'));
    await storage.journal.append(batchOf('theirs', { connection: 'other' }));
    expect(await storage.leasedTexts({ connection: 'other' })).toEqual(['theirs']);
    expect(await storage.leasedTexts()).toEqual(['ours']);
  });

  it('stops before the events or bytes exceed their limits', async () => {
    for (const text of ['aaaa', 'bbbb', 'cccc']) await storage.journal.append(batchOf(text, { events: 10 }));
    expect(await storage.leasedTexts({ maxEvents: 20 })).toEqual(['aaaa', 'bbbb']);
    await storage.journal.append(batchOf('dddd', { events: 10 }));
    expect(await storage.leasedTexts({ maxBytes: 7 })).toEqual(['cccc']);
  });

  it('gives a row that exceeds the limits alone', async () => {
    await storage.journal.append(batchOf('oversize', { events: 5_000 }));
    await storage.append('small');
    expect(await storage.leasedTexts({ maxEvents: 2_000, maxBytes: 3 })).toEqual(['oversize']);
  });

  it('leaves out the bodies that the owner has in memory, but not one that was rewritten since', async () => {
    const kept = await Promise.all(
      ['one', 'two', 'three'].map(text => storage.journal.append(batchOf(text, { events: 2 }))),
    );
    await storage.append('unknown');
    const [, rewritten] = kept;
    await storage.journal.rewrite({
      ...{ id: rewritten!.id, of: 'pending', events: 2, removed: 1, reason: 'forgotten', body: bytesOf('2') },
    });
    const inMemory = kept.map(({ id, body }) => ({ id, events: 2, bytes: body.byteLength }));
    expect(await storage.leasedTexts({ inMemory })).toEqual(['', '2', '', 'unknown']);
  });

  it('gives a row with an expired lease to another owner, without counting an attempt', async () => {
    await storage.append('a');
    await storage.lease({ leaseMs: 0 });
    const [row] = await storage.lease({ owner: 'deliverer-2', alone: true });
    expect(row?.attempts).toBe(0);
  });

  it('is renewed for rows that the owner still has, and only these are reported', async () => {
    await storage.append('ours', 'lost');
    const [ours, lost] = await storage.lease({ leaseMs: 0 });
    await storage.journal.renew('deliverer-1', [ours!.id], wholeQueue.leaseMs);
    expect(await storage.leasedTexts({ owner: 'deliverer-2', alone: true })).toEqual(['lost']);
    const ids = [ours!.id, lost!.id, 999_999];
    expect(await storage.journal.renew('deliverer-1', ids, wholeQueue.leaseMs)).toEqual([ours!.id]);
  });
});
