import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDays } from './difference.ts';
import type { ExportCount } from './export-tally.ts';
import { ExportTally } from './export-tally.ts';

const now = Date.UTC(2026, 10, 23, 12);
const day = '2026-11-01';
const event = 'Email Send';
const theirs = (raw: number, unique: number, twins = 0): ExportCount[] => [
  { day, event, raw, unique, twins },
];
const compare = (count: number, exported: ExportCount[], changes: { shadow?: boolean; now?: number } = {}) =>
  compareDays(count === 0 ? [] : [{ day, event, count }], exported, {
    ...{ shadow: false, now, most: () => count, ...changes },
  })[0];

describe('counts on both sides', () => {
  it.each([
    ['are equal', 10, theirs(10, 10), true, []],
    ['were sent again after an answer was lost', 10, theirs(14, 10), true, ['resent']],
    ['came from Braze twice', 12, theirs(12, 10), true, ['resent']],
    ['are there under two $insert_ids', 10, theirs(20, 20, 10), false, ['sent_twice']],
    ['came from another sender', 10, theirs(20, 20), false, ['from_elsewhere']],
    ['are missing in Mixpanel', 10, theirs(8, 8), false, ['missing']],
    ['are missing altogether', 10, [], false, ['missing']],
    ['are only in Mixpanel', 0, theirs(3, 3), false, ['from_elsewhere']],
  ])('that %s: %d of ours beside %j', (_words, count, exported, agrees, why) => {
    expect(compare(count, exported)).toMatchObject({ agrees, why });
  });

  it('of yesterday may lag in the raw export', () => {
    expect(compare(10, [], { now: Date.parse(day) + 86_400_000 })).toMatchObject({ why: ['not_yet_there'] });
  });

  it('agree in shadow mode when another sender sends the events that we would have sent', () => {
    expect(compare(10, theirs(10, 10), { shadow: true })).toMatchObject({ agrees: true, why: [] });
    expect(compare(10, [], { shadow: true })).toMatchObject({ why: ['not_delivered_in_shadow'] });
  });

  it('agree for any repetitions, as long as nothing is missing and there is no other sender; they differ when one event is lost', () => {
    // Each event: how often Braze sent it to us, and how often Mixpanel got each of these.
    const sendings = fc.array(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(sendings, events => {
        const tally = new ExportTally();
        const count = events.reduce((sum, accepted) => sum + accepted.length, 0);
        for (const [index, accepted] of events.entries())
          for (const times of accepted)
            for (let sent = 0; sent < times; sent += 1)
              tally.add({
                ...{ event, time: Date.parse(day) / 1_000 + index },
                ...{ distinctId: 'user', insertId: `id-${index}` },
              });
        expect(compare(count, tally.counts())).toMatchObject({ agrees: true });
        expect(compare(count, [])).toMatchObject({ agrees: false });
      }),
    );
  });
});

describe('exported events', () => {
  it('are twins when the same happened to the same user in the same second under another $insert_id', () => {
    const tally = new ExportTally();
    const common = { event, time: Date.parse(day) / 1_000, distinctId: 'user' };
    for (const insertId of ['ours', 'native', 'ours']) tally.add({ ...common, insertId });
    tally.add({ ...common, insertId: 'other', distinctId: 'another user' });
    expect(tally.counts()).toEqual([{ day, event, raw: 4, unique: 3, twins: 1 }]);
    expect(tally.complete).toBe(true);
  });

  it('beyond the memory limit are counted, and reported as incomplete', () => {
    const tally = new ExportTally(2 ** 12);
    for (let index = 0; index < 5_000; index += 1)
      tally.add({ event, time: Date.parse(day) / 1_000, distinctId: `user-${index}`, insertId: 'x' });
    expect(tally.counts()).toMatchObject([{ raw: 5_000, unique: 5_000 }]);
    expect(tally.complete).toBe(false);
  });
});
