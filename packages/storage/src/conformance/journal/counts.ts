import { expect, it } from 'vitest';
import { batchOf, bytesOf, deadLetter, imported } from '../../testing/samples.ts';
import { contract } from '../contract.ts';

export const counts = contract('counts', storage => {
  it('have every connection, with its oldest pending batch', async () => {
    await storage.journal.append(batchOf('12345', { receivedAt: 2_000, events: 3 }));
    await storage.journal.append(batchOf('123', { receivedAt: 1_000, events: 2 }));
    await storage.journal.append(batchOf('1', { connection: 'other' }));
    const counts = await storage.journal.counts();
    expect(Object.keys(counts).sort()).toEqual(['default', 'other']);
    expect(counts.default).toMatchObject({
      pending: 5,
      pendingBatches: 2,
      pendingBytes: 8,
      oldestPendingAt: 1_000,
    });
  });

  it('accept any text as a name', async () => {
    const strange = '__proto__';
    await storage.journal.append(batchOf('a', { connection: strange }));
    const [row] = await storage.lease({ connection: strange });
    await storage.journal.complete('deliverer-1', [
      { ...imported(row!), imported: 0, skipped: { constructor: 1 } },
    ]);
    expect(Object.entries(await storage.journal.counts())).toEqual([
      [strange, expect.objectContaining({ accepted: 1, skipped: { constructor: 1 } })],
    ]);
  });

  it('add up events per day and name, sorted', async () => {
    await storage.deliver({ days: [{ day: '2026-01-02', event: 'B', count: 1 }] });
    await storage.deliver({
      days: [
        { day: '2026-01-02', event: 'B', count: 2 },
        { day: '2026-01-02', event: 'A', count: 1 },
        { day: '2026-01-01', event: '[Braze Custom Event] ü', count: 1 },
        { day: '2025-12-31', event: 'A', count: 5 },
      ],
    });
    const request = { connection: 'default', from: '2026-01-01', to: '2026-01-02' };
    expect(await storage.journal.dayCounts(request)).toEqual([
      { day: '2026-01-01', event: '[Braze Custom Event] ü', count: 1 },
      { day: '2026-01-02', event: 'A', count: 1 },
      { day: '2026-01-02', event: 'B', count: 3 },
    ]);
    expect(await storage.journal.dayCounts({ ...request, connection: 'other' })).toEqual([]);
  });

  it('add up what became of events per day, name, kind and reason, sorted', async () => {
    const day = '2026-01-02';
    const skipped = { day, event: 'B', kind: 'skipped', reason: 'not_selected', count: 1 } as const;
    await storage.deliver({ dayOutcomes: [skipped] });
    await storage.deliver({
      dayOutcomes: [
        { ...skipped, count: 2 },
        { ...skipped, reason: 'excluded' },
        { ...skipped, event: '[Braze Custom Event] ü', kind: 'late', reason: '' },
        { ...skipped, day: '2026-01-03' },
      ],
    });
    const request = { connection: 'default', from: day, to: day };
    await storage.crash();
    expect(await storage.journal.dayOutcomes(request)).toEqual([
      { ...skipped, reason: 'excluded' },
      { ...skipped, count: 3 },
      { ...skipped, event: '[Braze Custom Event] ü', kind: 'late', reason: '' },
    ]);
    expect(await storage.journal.dayOutcomes({ ...request, connection: 'other' })).toEqual([]);
    await storage.sweep({ daysBefore: '2026-01-03' });
    expect(await storage.journal.dayOutcomes({ ...request, to: '2026-01-31' })).toMatchObject([
      { day: '2026-01-03' },
    ]);
  });

  it('have a dead letter on its day until it is replayed, or skipped when it is removed or expires', async () => {
    const counted = { day: '2026-01-02', event: 'ü' };
    const request = { connection: 'default', from: '2026-01-02', to: '2026-01-02' };
    const letters = ['too_deep', 'too_deep', 'too_large', 'too_large'].map(reason =>
      deadLetter({ reason, counted }),
    );
    await storage.addDeadLetters('default', [...letters, deadLetter({})]);
    expect(await storage.journal.dayOutcomes(request)).toEqual([
      { ...counted, kind: 'dead', reason: 'too_deep', count: 2 },
      { ...counted, kind: 'dead', reason: 'too_large', count: 2 },
    ]);
    const first = { connection: 'default', limit: 1 };
    await storage.deadLetters.replay({ ...first, reason: 'too_large', profile: '{}' });
    await storage.deadLetters.remove({ ...first, reason: 'too_large', skippedAs: 'purged' });
    await storage.sweep({ deadLettersBefore: Date.now() + 1e10 });
    expect(await storage.journal.dayOutcomes(request)).toEqual([
      { ...counted, kind: 'skipped', reason: 'expired', count: 2 },
      { ...counted, kind: 'skipped', reason: 'purged', count: 1 },
    ]);
  });

  it('have the dead letters of a name and day whose ID another one has, as long as both are there', async () => {
    const counted = { day: '2026-01-02', event: 'ü' };
    const request = { connection: 'default', from: '2026-01-02', to: '2026-01-02' };
    const letters = ['a', 'a', 'a', 'b', undefined, undefined].map(insertId =>
      deadLetter({ reason: 'too_deep', counted, insertId }),
    );
    await storage.addDeadLetters('default', [
      ...letters,
      deadLetter({ insertId: 'b', counted: { ...counted, event: 'other' } }),
    ]);
    const again = async () =>
      (await storage.journal.dayOutcomes(request)).filter(({ kind }) => kind === 'dead_again');
    expect(await again()).toEqual([{ ...counted, kind: 'dead_again', reason: '', count: 2 }]);
    await storage.deadLetters.remove({
      connection: 'default',
      limit: 10,
      insertId: 'a',
      skippedAs: 'purged',
    });
    expect(await again()).toEqual([]);
  });

  it('have the events that a rewrite removes from a pending batch, as skipped', async () => {
    await storage.journal.append(batchOf('x', { events: 3 }));
    const { id } = (await storage.journal.pending({ connection: 'default', after: 0, limit: 1 }))[0]!;
    const day = { day: '2026-01-02', event: 'A', count: 2 };
    const rest = { of: 'pending', body: bytesOf('y'), reason: 'forgotten' } as const;
    await storage.journal.rewrite({ ...rest, id, events: 3, removed: 2, days: [day] });
    expect(await storage.journal.dayOutcomes({ connection: 'default', from: day.day, to: day.day })).toEqual([
      { ...day, kind: 'skipped', reason: 'forgotten' },
    ]);
  });
});
