import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { batchOf, deadLetter, HOUR, imported, wholeQueue } from '../../testing/samples.ts';
import { migrate } from '../schema/steps.ts';
import { sweep } from '../upkeep/sweep.ts';
import { append } from './append.ts';
import { complete } from './complete.ts';
import { lease } from './lease.ts';
import { attachLeases } from './lease-file.ts';
import { postpone, postponed } from './postpone.ts';
import { endImpossibleDelays } from './queue-time.ts';
import { release } from './release.ts';
import { renew } from './renew.ts';

const settings = { file: ':memory:', maxBytes: undefined, minFreeBytes: 0 };
const owner = 'deliverer-1';

describe('while the machine’s clock is set', () => {
  let db: DatabaseSync;
  let aheadMs: number;
  beforeEach(() => {
    db = new DatabaseSync(':memory:');
    aheadMs = 0;
    // SQLite's own clock, in the hand of the test.
    db.function('unixepoch', { varargs: true }, () => (Date.now() + aheadMs) / 1_000);
    migrate(db);
    attachLeases(db, ':memory:');
    append(db, settings)(batchOf('a'));
  });
  afterEach(() => db.close());
  const leased = (by = owner) => lease(db, settings)({ ...wholeQueue, owner: by }).map(({ id }) => id);

  it.each([6 * HOUR, -6 * HOUR])('by %d ms, a lease stays its owner’s', jump => {
    const [id] = leased();
    aheadMs += jump;
    expect(leased('deliverer-2')).toEqual([]);
    expect(renew(db, settings)(owner, [id!], HOUR)).toEqual([id]);
    aheadMs -= 2 * jump;
    expect(leased('deliverer-2')).toEqual([]);
  });

  it('ahead, a row that is put off stays so; back, it is there when its delay is over', async () => {
    const ids = leased();
    release(db, settings)(owner, ids, { delayMs: HOUR, attempt: true });
    aheadMs = 6 * HOUR;
    expect(leased()).toEqual([]);

    aheadMs = 0;
    append(db, settings)(batchOf('b'));
    const others = leased();
    release(db, settings)(owner, others, { delayMs: 1, attempt: true });
    aheadMs = -6 * HOUR;
    await vi.waitFor(() => expect(leased()).toEqual(others));
  });

  it('back, what was stamped ahead does not outlive its retention', () => {
    aheadMs = 240 * HOUR;
    const [row] = lease(db, settings)({ ...wholeQueue, owner });
    const outcome = { ...imported(row!), imported: 0, deadLetters: [deadLetter({})] };
    complete(db, settings)(owner, [outcome], { keep: true });
    aheadMs = 0;
    expect(sweep(db, settings)({ now: Date.now() })).toMatchObject({
      broughtBack: 2,
      deadLetters: 0,
      delivered: 0,
    });
    const before = Date.now() + 60_000;
    const bounds = { deadLettersBefore: before, deliveredBefore: before };
    expect(sweep(db, settings)(bounds)).toMatchObject({ broughtBack: 0, deadLetters: 1, delivered: 1 });
  });

  it('behind for a while, what was stamped before keeps its age, and is not lost to its retention afterwards', () => {
    const [row] = lease(db, settings)({ ...wholeQueue, owner });
    const outcome = { ...imported(row!), imported: 0, deadLetters: [deadLetter({})] };
    complete(db, settings)(owner, [outcome], { keep: true });
    aheadMs = -240 * HOUR;
    expect(sweep(db, settings)({})).toMatchObject({ broughtBack: 0 });
    aheadMs = 0;
    const before = Date.now() - HOUR;
    const bounds = { deadLettersBefore: before, deliveredBefore: before };
    expect(sweep(db, settings)(bounds)).toMatchObject({ deadLetters: 0, delivered: 0 });
  });

  it('back while nobody ran, a row does not wait for the old time to come again', () => {
    release(db, settings)(owner, leased(), { delayMs: 6 * HOUR, attempt: true });
    expect(leased()).toEqual([]);
    endImpossibleDelays(db);
    expect(leased()).toHaveLength(1);
  });

  it('back while nobody ran, a connection does not wait for the old time to come again', () => {
    const wait = { forMs: 1_000, code: 'mixpanel_throttled', detail: '', failures: 1 };
    postpone(db, settings)('default', wait);
    expect(leased()).toEqual([]);
    db.exec(`UPDATE connection_wait SET since = since + ${HOUR}, until = until + ${HOUR}`);
    expect(postponed(db, settings)('default')).toBeUndefined();
    expect(leased()).toHaveLength(1);
    postpone(db, settings)('default', wait);
    expect(postponed(db, settings)('default')).toMatchObject({ failures: 1 });
  });
});
