import { expect, it } from 'vitest';
import type { LedgerChunk } from '../../ports/index.ts';
import { bytesOf, textOf } from '../../testing/samples.ts';
import { contract } from '../contract.ts';

const sync = 'default:1';

export const ledgers = contract('ledgers of a sync', storage => {
  const chunkOf = (ledger: number, last: string, changes: Partial<LedgerChunk> = {}): LedgerChunk => ({
    ...{ ledger, part: 'waiting', last, at: 1e12, notes: '{}', body: bytesOf(`up to ${last}`) },
    ...changes,
  });
  const read = async (ledger: number, after?: string, part = 'waiting', limit = 9) =>
    (await storage.cohorts.readLedger({ ledger, part, after, limit })).map(({ body }) => textOf(body));
  const recorded = async (...chunks: string[]) => {
    const ledger = await storage.cohorts.createLedger(sync);
    await storage.cohorts.appendLedger(chunks.map(last => chunkOf(ledger, last)));
    await storage.cohorts.commit({ history: { sync, text: '{}', ledger } });
    return ledger;
  };

  it('are read by part from any key on, in the order of UTF-8 bytes, also after a crash', async () => {
    const ledger = await recorded('e\u{1f600}', 'e\uff21', 'ea\u0000');
    await storage.cohorts.commit({
      ledgers: {
        drop: [],
        put: [chunkOf(ledger, 'ez', { part: 'refused', notes: '{"ez":"\\u0000grüße"}' })],
      },
    });
    await storage.crash();
    const all = ['ea\u0000', 'e\uff21', 'e\u{1f600}'].map(last => `up to ${last}`);
    expect(await read(ledger)).toEqual(all);
    expect(await read(ledger, undefined, 'waiting', 1)).toEqual(all.slice(0, 1));
    expect(await read(ledger, 'ea')).toEqual(all);
    expect(await read(ledger, 'ea\u0000')).toEqual(all.slice(1));
    expect(await read(ledger, 'e\u{1f600}')).toEqual([]);
    expect(
      await storage.cohorts.readLedger({ ledger, part: 'refused', after: undefined, limit: 9 }),
    ).toMatchObject([{ at: 1e12, notes: '{"ez":"\\u0000grüße"}' }]);
  });

  it('belong to a run once it is in the history, and are dropped by the next one where they do not', async () => {
    const first = await recorded('a');
    const lost = await storage.cohorts.createLedger(sync);
    await storage.cohorts.appendLedger([chunkOf(lost, 'b')]);
    const ofOther = await storage.cohorts.createLedger('default:2');
    await storage.cohorts.appendLedger([chunkOf(ofOther, 'c')]);
    const next = await recorded();
    const runs = await storage.cohorts.history({ sync, before: undefined, limit: 9 });
    expect(await storage.cohorts.ledgers(sync)).toEqual([
      { id: next, run: runs[0]!.id },
      { id: first, run: runs[1]!.id },
    ]);
    expect([await read(lost), await read(ofOther)]).toEqual([[], ['up to c']]);
    expect(next).toBeGreaterThan(lost);
  });

  it('without a run are dropped on request, and no others', async () => {
    const first = await recorded('a');
    const lost = await storage.cohorts.createLedger(sync);
    const ofOther = await storage.cohorts.createLedger('default:2');
    await storage.cohorts.appendLedger([chunkOf(lost, 'b'), chunkOf(ofOther, 'c')]);
    await storage.cohorts.commit({ dropOpenLedgers: sync, erase: true });
    expect([await read(first), await read(lost), await read(ofOther)]).toEqual([
      ...[['up to a'], [], ['up to c']],
    ]);
  });

  it('are the newest ten of a sync', async () => {
    const first = await recorded('a');
    for (let count = 0; count < 10; count += 1) await recorded();
    const kept = await storage.cohorts.ledgers(sync);
    expect(kept).toHaveLength(10);
    expect(kept.map(({ id }) => id)).not.toContain(first);
    expect(await read(first)).toEqual([]);
  });

  it('are dropped from the oldest on where they exceed 64 MB together, but never the newest', async () => {
    const large = async (megabytes: number) => {
      const ledger = await storage.cohorts.createLedger(sync);
      const body = new Uint8Array(megabytes * 1024 * 1024);
      await storage.cohorts.appendLedger([chunkOf(ledger, 'a', { body })]);
      await storage.cohorts.commit({ history: { sync, text: '{}', ledger } });
      return ledger;
    };
    const kept = async () => (await storage.cohorts.ledgers(sync)).map(({ id }) => id);
    const small = await recorded('a');
    const first = await large(30);
    const second = await large(30);
    expect(await kept()).toEqual([second, first, small]);
    const third = await large(30);
    expect(await kept()).toEqual([third, second]);
    const huge = await large(65);
    expect(await kept()).toEqual([huge]);
  });

  it('lose and get single chunks in one commit', async () => {
    const ledger = await recorded('a', 'b');
    const [chunk] = await storage.cohorts.readLedger({ ledger, part: 'waiting', after: undefined, limit: 1 });
    const put = [chunkOf(ledger, 'a', { body: bytesOf('again') })];
    await storage.cohorts.commit({ ledgers: { drop: [chunk!.id], put }, erase: true });
    expect(await read(ledger)).toEqual(['again', 'up to b']);
  });

  it('reject a second chunk that ends with the same key', async () => {
    const ledger = await recorded('a');
    await expect(storage.cohorts.appendLedger([chunkOf(ledger, 'a')])).rejects.toThrow();
    expect(await read(ledger)).toEqual(['up to a']);
  });

  it('are forgotten with their sync, as are its days', async () => {
    const ledger = await recorded('a');
    await storage.cohorts.commit({
      sent: { sync, day: '2026-01-01', attributeUpdates: 1, assignments: 0 },
    });
    await storage.cohorts.commit({ forget: sync });
    expect(await storage.cohorts.ledgers(sync)).toEqual([]);
    expect(await read(ledger)).toEqual([]);
    expect(await storage.cohorts.sentOnDays({ sync, from: '2026-01-01', to: '2026-01-09' })).toEqual([]);
  });
});

export const sentOnDays = contract('days of a sync', storage => {
  const add = (day: string, attributeUpdates: number, assignments: number, of = sync) =>
    storage.cohorts.commit({ sent: { sync: of, day, attributeUpdates, assignments } });
  const days = (from: string, to: string) => storage.cohorts.sentOnDays({ sync, from, to });

  it('add up what was sent', async () => {
    await add('2026-01-02', 5, 0);
    await add('2026-01-01', 75, 0);
    await add('2026-01-01', 25, 1_000);
    await add('2026-01-01', 9, 9, 'default:2');
    await storage.crash();
    const first = { day: '2026-01-01', attributeUpdates: 100, assignments: 1_000 };
    expect(await days('2026-01-01', '2026-01-01')).toEqual([first]);
    expect(await days('2025-01-01', '2026-01-31')).toEqual([
      first,
      { day: '2026-01-02', attributeUpdates: 5, assignments: 0 },
    ]);
  });

  it('are the newest 400', async () => {
    const dayOf = (number: number) => new Date(Date.UTC(2026, 0, 1 + number)).toISOString().slice(0, 10);
    for (let number = 0; number < 401; number += 1) await add(dayOf(number), 1, 0);
    expect((await days('2026-01-01', '2028-01-01')).map(({ day }) => day)).toEqual(
      Array.from({ length: 400 }, (_, number) => dayOf(number + 1)),
    );
  });
});
