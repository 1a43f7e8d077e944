import { expect, it } from 'vitest';
import { batchOf, deadLetter, imported } from '../testing/samples.ts';
import { contract } from './contract.ts';

export const retention = contract('the sweep', storage => {
  const dead = { imported: 0, deadLetters: [deadLetter({})] };
  const nothing = { delivered: 0, deadLetters: 0, audit: 0, days: 0, cohortPages: 0, broughtBack: 0 };
  const far = Date.now() + 1e10;

  it('removes nothing without a retention', async () => {
    await storage.deliver({ days: [{ day: '2026-01-01', event: 'A', count: 1 }] }, true);
    await storage.deliver(dead);
    await storage.audit.append({ at: 0, actor: 'x', action: 'a', detail: '' });
    expect(await storage.sweep({})).toEqual(nothing);
    expect(await storage.sweep({ auditBefore: 0, daysBefore: '2026-01-01' })).toEqual(nothing);
    expect(await storage.sweep({ deliveredBefore: 1_000, deadLettersBefore: 1_000 })).toEqual(nothing);
  });

  it('removes each kind of record by its own age, in any number', async () => {
    const letters = Array.from({ length: 450 }, () => deadLetter({}));
    await storage.journal.append(batchOf('x', { events: letters.length }));
    const [row] = await storage.lease();
    const days = [
      { day: '2026-01-01', event: 'A', count: 1 },
      { day: '2026-01-02', event: 'A', count: 1 },
    ];
    const outcome = { ...imported(row!), imported: 0, deadLetters: letters, days };
    await storage.journal.complete('deliverer-1', [outcome], { keep: true });
    for (const at of [1_000, 2_000]) await storage.audit.append({ at, actor: 'x', action: 'a', detail: '' });

    expect(await storage.sweep({ deliveredBefore: far })).toEqual({ ...nothing, delivered: 1 });
    expect(await storage.journal.delivered({ connection: 'default', after: 0, limit: 1 })).toEqual([]);
    expect(await storage.sweep({ deadLettersBefore: far })).toEqual({ ...nothing, deadLetters: 450 });
    expect(await storage.deadLetters.countBy('reason')).toEqual({});
    expect(await storage.counts()).toMatchObject({
      ...{ accepted: 450, imported: 0, skipped: { expired: 450 }, deadLettered: {}, pending: 0 },
    });
    expect(await storage.sweep({ auditBefore: 2_000, daysBefore: '2026-01-02' })).toEqual({
      ...nothing,
      audit: 1,
      days: 1,
    });
    const kept = { connection: 'default', from: '2000-01-01', to: '2100-01-01' };
    expect(await storage.journal.dayCounts(kept)).toEqual([days[1]]);
  });

  it('corrects times in the future to now, so that such records do not outlive their retention', async () => {
    const now = 1_000_000_000_000;
    for (const at of [now + 3_000, now + 90 * 86_400_000])
      await storage.audit.append({ at, actor: 'x', action: 'a', detail: '' });
    expect(await storage.sweep({ now })).toEqual({ ...nothing, broughtBack: 1 });
    const entries = await storage.audit.list({ before: undefined, limit: 5 });
    expect(entries.map(({ at }) => at).sort()).toEqual([now, now + 3_000]);
    expect(await storage.sweep({ now, auditBefore: now + 1 })).toEqual({ ...nothing, audit: 1 });
  });

  it('never removes pending batches', async () => {
    await storage.journal.append(batchOf('old', { receivedAt: 0 }));
    expect(await storage.sweep({ deliveredBefore: far, deadLettersBefore: far })).toEqual(nothing);
    expect(await storage.counts()).toMatchObject({ pending: 1 });
  });
});
