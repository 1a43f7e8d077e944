import { expect, it } from 'vitest';
import { batchOf, deadLetter, imported } from '../../testing/samples.ts';
import { contract } from '../contract.ts';

export const complete = contract('complete', storage => {
  it('counts outcomes by reason, stores dead letters with their origin, and removes the row', async () => {
    await storage.journal.append(batchOf('five', { events: 5, receivedAt: 1_700_000_000_777 }));
    const { id } = await storage.leaseOne();
    const outcome = {
      id,
      imported: 2,
      skipped: { no_external_user_id: 1, not_selected: 1 },
      deadLetters: [
        deadLetter({ reason: 'invalid_time', eventType: 'users.behaviors.Purchase', insertId: 'id-1' }),
      ],
      notes: { unlisted: 3 },
      days: [],
    };
    expect(await storage.journal.complete('deliverer-1', [outcome])).toEqual([id]);

    expect(await storage.journal.counts()).toEqual({
      default: {
        accepted: 5,
        imported: 2,
        skipped: { no_external_user_id: 1, not_selected: 1 },
        deadLettered: { invalid_time: 1 },
        notes: { unlisted: 3 },
        pending: 0,
        pendingBatches: 0,
        pendingBytes: 0,
        quarantined: 0,
        quarantinedBatches: 0,
        held: 0,
        oldestPendingAt: undefined,
      },
    });
    const [kept] = await storage.deadLetters.list({ limit: 10 });
    expect(kept).toMatchObject({
      connection: 'default',
      reason: 'invalid_time',
      eventType: 'users.behaviors.Purchase',
      insertId: 'id-1',
      receivedAt: 1_700_000_000_777,
      profile: '{"generation":"2022-06"}',
    });
    expect(kept!.diedAt).toBeGreaterThan(1_700_000_000_777);
  });

  it('gives dead letters the moment of the completion by the clock of the caller, where it has one', async () => {
    await storage.append('a');
    const outcome = { ...imported(await storage.leaseOne()), imported: 0, deadLetters: [deadLetter({})] };
    await storage.journal.complete('deliverer-1', [{ ...outcome, at: 1_700_000_000_778 }]);
    expect(await storage.deadLetters.list({ limit: 10 })).toMatchObject([{ diedAt: 1_700_000_000_778 }]);
  });

  it('adds up the outcomes of several calls', async () => {
    await storage.append('a', 'b', 'c');
    const rows = await storage.lease();
    await storage.journal.complete('deliverer-1', rows.slice(0, 2).map(imported));
    await storage.journal.complete('deliverer-1', rows.slice(2).map(imported));
    expect(await storage.counts()).toMatchObject({
      accepted: 3,
      imported: 3,
      pending: 0,
    });
  });

  it('counts a row once, even if it is reported again', async () => {
    await storage.append('a');
    const outcome = imported(await storage.leaseOne());
    expect(await storage.journal.complete('deliverer-1', [outcome, outcome])).toEqual([outcome.id]);
    expect(await storage.journal.complete('deliverer-1', [outcome])).toEqual([]);
    expect(await storage.counts()).toMatchObject({ imported: 1 });
  });

  it('ignores a row that another owner has leased since', async () => {
    await storage.append('a');
    const [row] = await storage.lease({ leaseMs: 0 });
    await storage.lease({ owner: 'deliverer-2', alone: true });
    expect(await storage.journal.complete('deliverer-1', [imported(row!)])).toEqual([]);
    expect(await storage.counts()).toMatchObject({ imported: 0, pending: 1 });
  });

  it('does not count a late outcome of an old row for a new row', async () => {
    await storage.append('old');
    const [old] = await storage.lease({ leaseMs: 0 });
    await storage.lease({ owner: 'deliverer-2', alone: true });
    await storage.journal.complete('deliverer-2', [imported(old!)]);
    await storage.append('new');
    await storage.lease();
    expect(await storage.journal.complete('deliverer-1', [imported(old!)])).toEqual([]);
    expect(await storage.counts()).toMatchObject({ imported: 1, pending: 1 });
  });

  it('accepts a late outcome if no other owner has leased the row', async () => {
    await storage.append('a');
    const [row] = await storage.lease({ leaseMs: 0 });
    expect(await storage.journal.complete('deliverer-1', [imported(row!)])).toEqual([row!.id]);
  });

  it('rejects the whole call if one outcome misses or invents an event', async () => {
    await storage.append('a', 'b');
    const [a, b] = await storage.lease();
    for (const wrong of [
      { imported: 0 },
      { imported: 2 },
      { imported: 2, skipped: { x: -1 } },
      { imported: 0.5 },
    ]) {
      const call = storage.journal.complete('deliverer-1', [imported(a!), { ...imported(b!), ...wrong }]);
      await expect(call).rejects.toThrow(/accounts for/);
    }
    expect(await storage.counts()).toMatchObject({ imported: 0, pending: 2 });
    const both = [imported(a!), imported(b!)];
    expect(await storage.journal.complete('deliverer-1', both)).toEqual([a!.id, b!.id]);
  });
});
