import { projectTimeZone } from '@braze-mixpanel/core/mixpanel';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { QuarterCounts } from '../quarter-counts.ts';
import { type PlainFacts, withZones } from './zone-facts.ts';

const daySeconds = 86_400;

interface World {
  /** Days of the report, `YYYY-MM-DD`. */
  readonly days: readonly string[];
  /** Events on each day, at these hours. */
  readonly perDay: readonly number[];
  readonly hours: readonly number[];
  /** Time zones as they are, and as the settings have them. */
  readonly project: readonly [is: string, set: string];
  readonly company: readonly [is: string, set: string];
}

const startOf = (day: string) => Date.parse(day) / 1_000;
const dayOf = (time: number) => new Date(time * 1_000).toISOString().slice(0, 10);

/** The facts of a world in which every event arrived everywhere, with the zones that the data show. */
function factsOf({ days, perDay, hours, project, company }: World, deleted?: PlainFacts['deleted']) {
  const [isProject, setProject] = project.map(projectTimeZone);
  const isCompany = projectTimeZone(company[0]);
  const all = [-1, ...days.keys(), days.length];
  const times = all.flatMap(place => {
    const start = startOf(days[0]!) + place * daySeconds;
    const count = perDay[(place + perDay.length) % perDay.length]!;
    return hours.flatMap(hour => Array.from({ length: count }, () => start + hour * 3_600 + 600));
  });
  const exported = times.map(time => setProject!.toUtc(isProject!.toLocal(time)));
  const unique = new QuarterCounts();
  for (const time of exported) unique.add('A', time);
  const none = new QuarterCounts();
  const counted = (at: readonly number[], day: string) => at.filter(time => dayOf(time) === day).length;
  const own = { skipped: {}, dead: {}, backfilled: 0, late: 0, again: 0, removed: 0, companyShift: 0 };
  const facts = days.map(
    (day): PlainFacts => ({
      ...{ day, event: 'A', machineOpens: 0, braze: { events: counted(times.map(isCompany.toLocal), day) } },
      ...{ countsUsers: false, own: { ...own, imported: counted(times, day) } },
      pending: { waiting: 0, held: 0, backfilled: 0, again: 0, companyShift: 0 },
      mixpanel: { raw: counted(exported, day), unique: counted(exported, day), twins: 0, renamed: 0 },
      ...{ everReceived: true, ofOthers: 0, lexicon: { hidden: false, dropped: false } },
      ...{ recent: false, open: false, moved: 0, deleted },
    }),
  );
  const first = startOf(days[0]!) - daySeconds;
  const last = startOf(days.at(-1)!) + 2 * daySeconds;
  const zones = { mixpanel: { timeZone: project[1] }, braze: { timeZone: company[1] } };
  return withZones(zones, facts, {
    ...{ unique, copies: none, unlisted: none },
    covers: (from, to) => from >= first && to <= last,
  });
}

/** `UTC+05:30`, or `UTC+05:00 to UTC+06:00`, in seconds. */
function rangeOf(text: string): readonly [number, number] {
  const each = text.split(' to ').map(offset => {
    const [, sign, hours, minutes] = /^UTC([+-])(\d\d):(\d\d)$/.exec(offset)!;
    return Number(`${sign}1`) * (Number(hours) * 3_600 + Number(minutes) * 60);
  });
  return [Math.min(...each), Math.max(...each)];
}

/** Expects the offset that is named, if one is, to have that of the vendor on the day. */
function expectTruth(facts: ReturnType<typeof factsOf>, { project, company }: World) {
  for (const { day, projectShift, companyShift } of facts)
    for (const [shift, [is, set]] of [
      [projectShift, project],
      [companyShift, company],
    ] as const) {
      if (shift?.offset === undefined) continue;
      const [least, most] = rangeOf(shift.offset);
      const offset = projectTimeZone(is).toLocal(startOf(day)) - startOf(day);
      expect({ day, is, set, named: shift.offset, isIn: least <= offset && offset <= most }).toMatchObject({
        isIn: true,
      });
    }
}

const daysFrom = (first: string, count: number) =>
  Array.from({ length: count }, (_, place) => dayOf(startOf(first) + place * daySeconds));
const hours = fc.uniqueArray(fc.integer({ min: 0, max: 23 }), { minLength: 1, maxLength: 24 });
const perDay = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 8, maxLength: 8 });
const fixed = ['UTC', 'Asia/Tokyo', 'Asia/Kolkata', 'America/Phoenix', 'Pacific/Honolulu', 'Asia/Dubai'];
const changing = ['Europe/Berlin', 'Europe/London', 'America/New_York', 'Australia/Sydney'];

it('an offset that is named is that of the vendor, also where that of the project is one of several', () => {
  const zone = fc.constantFrom(...fixed);
  fc.assert(
    fc.property(
      zone,
      zone,
      zone,
      zone,
      hours,
      perDay,
      (isProject, setProject, isCompany, setCompany, at, counts) => {
        const world: World = {
          ...{ days: daysFrom('2026-06-01', 6), perDay: counts, hours: at },
          ...{ project: [isProject, setProject], company: [isCompany, setCompany] },
        };
        expectTruth(factsOf(world), world);
      },
    ),
    { numRuns: 150, seed: 6 },
  );
});

it.each(['2026-03-05', '2026-03-26', '2026-10-01', '2026-10-22', '2026-10-29'])(
  'an offset that is named has that of the vendor on each of the days from %s, within which zones change',
  first => {
    const zone = fc.constantFrom(...fixed.slice(0, 3), ...changing);
    fc.assert(
      fc.property(zone, zone, zone, zone, perDay, (isProject, setProject, isCompany, setCompany, counts) => {
        const world: World = {
          ...{ days: daysFrom(first, 8), perDay: counts, hours: [...Array(24).keys()] },
          ...{ project: [isProject, setProject], company: [isCompany, setCompany] },
        };
        expectTruth(factsOf(world), world);
      }),
      { numRuns: 60, seed: 6 },
    );
  },
);

it('a project whose zone is set wrongly is named without its company, whose zone is set rightly', () => {
  const facts = factsOf({
    ...{ days: daysFrom('2026-06-01', 6), perDay: [3, 9, 4, 12, 6, 2, 8, 5], hours: [2, 20] },
    ...{ project: ['Asia/Tokyo', 'UTC'], company: ['UTC', 'UTC'] },
  });
  expect(facts.every(({ projectShift }) => projectShift !== undefined)).toBe(true);
  for (const { companyShift } of facts) expect(companyShift).toBeUndefined();
});

it('No offset is named where events of deleted users are missing, though days look shifted', () => {
  const world: World = {
    days: ['2026-01-05', '2026-01-06', '2026-01-07', '2026-01-08'],
    ...{ perDay: [3, 12, 6, 18], hours: [1, 5, 9, 13, 17, 21] },
    ...{ project: ['Asia/Tokyo', 'UTC'], company: ['Asia/Kolkata', 'UTC'] },
  };
  const shiftsOf = (deleted?: PlainFacts['deleted']) =>
    factsOf(world, deleted).flatMap(({ projectShift, companyShift }) => [projectShift, companyShift]);
  expect(shiftsOf().some(shift => shift?.offset !== undefined)).toBe(true);
  const uncertain = shiftsOf({ users: 1, most: 100, removedOfOthers: 0 });
  expect(uncertain.some(shift => shift !== undefined)).toBe(true);
  expect(uncertain.every(shift => shift?.offset === undefined)).toBe(true);
});
