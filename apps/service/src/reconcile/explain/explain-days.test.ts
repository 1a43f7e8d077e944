import fc from 'fast-check';
import { expect, it } from 'vitest';
import { causes, steps } from './causes.ts';
import { eventsOf } from './columns.ts';
import { explainDays } from './explain-days.ts';
import { explainRow, type Row } from './explain-row.ts';
import { type Facts, noPeriod } from './facts.ts';

/** A day of 100 events on which all columns agree; `changes` adapt it to the test. */
function facts(changes: Partial<Facts> = {}): Facts {
  return {
    ...{ day: '2026-01-02', event: 'Email Send', braze: { events: 100 }, machineOpens: 0 },
    ...{ countsUsers: false, everReceived: true, recent: false, ofOthers: 0, open: false, moved: 0 },
    own: {
      imported: 100,
      skipped: {},
      dead: {},
      backfilled: 0,
      late: 0,
      again: 0,
      removed: 0,
      companyShift: 0,
    },
    pending: { waiting: 0, held: 0, backfilled: 0, again: 0, companyShift: 0 },
    mixpanel: { raw: 100, unique: 100, twins: 0, renamed: 0 },
    ...{ company: { copies: 0, unlisted: 0 }, hasOtherDays: false },
    lexicon: { hidden: false, dropped: false },
    ...changes,
  };
}
const own = (changes: object) => ({ ...facts().own, ...changes }) as Facts['own'];
const mixpanel = (changes: object) => ({ ...facts().mixpanel, ...changes }) as Facts['mixpanel'];
const pending = (changes: object) => ({ ...facts().pending, ...changes }) as Facts['pending'];
/** The explained and the unexplained parts of a row. */
function found(changes: Partial<Facts>) {
  const [row] = explainDays([facts(changes)]) as [Row];
  const named = row.steps.flatMap(step =>
    step.causes.map(({ cause, reason, events }) => [reason ?? cause, events]),
  );
  return [...named, ...(row.unexplained === 0 ? [] : [['unexplained', row.unexplained]])];
}

it('finds no cause where all columns agree', () => {
  expect(found({})).toEqual([]);
});

it.each<[string, Partial<Facts>, unknown]>([
  [
    'another day at the company',
    { own: own({ companyShift: -4 }), braze: { events: 96 } },
    [['day_boundary', 4]],
  ],
  [
    'events that Braze sent twice',
    {
      own: own({ imported: 110 }),
      mixpanel: mixpanel({ raw: 110 }),
      company: { copies: 10, unlisted: 0 },
    },
    [
      ['resent_by_braze', 10],
      ['repeated', -10],
    ],
  ],
  [
    'users where Currents has events',
    { countsUsers: true, braze: { events: 90 } },
    [['defined_differently', 10]],
  ],
  [
    'events of no campaign or Canvas that Braze lists',
    { own: own({ imported: 100 }), braze: { events: 90 }, company: { copies: 0, unlisted: 8 } },
    [
      ['not_in_lists', 8],
      ['unexplained', 2],
    ],
  ],
  [
    'events that only the raw export could explain',
    { own: own({ imported: 110 }), mixpanel: { notKnown: 'Mixpanel did not answer.' } },
    [['not_read', 10]],
  ],
  [
    'lost events where the raw export could not be read',
    { braze: { events: 110 }, mixpanel: { notKnown: 'Mixpanel did not answer.' } },
    [['unexplained', 10]],
  ],
  ['opens by machines', { machineOpens: 30, braze: { events: 130 } }, [['machine_opens', -30]]],
  ['other opens than those by machines', { machineOpens: 30, braze: { events: 131 } }, [['unexplained', 31]]],
  [
    'an event type that the Current lacks',
    { everReceived: false, own: own({ imported: 0 }), mixpanel: mixpanel({ raw: 0, unique: 0 }) },
    [['not_in_current', -100]],
  ],
  ['events that may come', { recent: true, braze: { events: 101 } }, [['may_arrive_late', -1]]],
  [
    'skipped, dead, waiting and held events',
    {
      own: own({ imported: 90, skipped: { no_external_user_id: 4 }, dead: { too_deep: 3 } }),
      pending: pending({ waiting: 2, held: 1 }),
      mixpanel: mixpanel({ raw: 90, unique: 90 }),
    },
    [
      ['no_external_user_id', -4],
      ['too_deep', -3],
      ['waiting', -2],
      ['held', -1],
    ],
  ],
  [
    'events that were sent again',
    { mixpanel: mixpanel({ raw: 120 }), company: { copies: 20, unlisted: 0 } },
    [
      ['sent_again', 20],
      ['repeated', -20],
    ],
  ],
  [
    'events of another connection',
    { ofOthers: 30, mixpanel: mixpanel({ raw: 130, unique: 130 }) },
    [['other_connection', 30]],
  ],
  [
    'a second sender',
    { mixpanel: mixpanel({ raw: 200, unique: 200, twins: 100 }) },
    [['second_sender', 100]],
  ],
  [
    'renamed events',
    { mixpanel: mixpanel({ raw: 60, unique: 60, renamed: 40 }) },
    [['renamed_by_mixpanel', -40]],
  ],
  [
    'events that Lexicon drops',
    { mixpanel: mixpanel({ raw: 60, unique: 60 }), lexicon: { hidden: false, dropped: true } },
    [['dropped_by_mixpanel', -40]],
  ],
  [
    'events that Lexicon drops, of which a part of the day in another time zone was not read',
    {
      mixpanel: mixpanel({ raw: 0, unique: 0 }),
      lexicon: { hidden: false, dropped: true },
      projectShift: { events: 0, partly: true, offset: 'UTC+09:00' },
    },
    [['dropped_by_mixpanel', -100]],
  ],
  [
    'repeated events that Lexicon drops, whose copies Mixpanel does not show, as not known',
    {
      own: own({ imported: 130 }),
      mixpanel: mixpanel({ raw: 0, unique: 0 }),
      lexicon: { hidden: false, dropped: true },
    },
    [
      ['not_read', 30],
      ['dropped_by_mixpanel', -130],
    ],
  ],
  [
    'events of users who were deleted in Mixpanel, and no more of them than these can have had',
    {
      mixpanel: mixpanel({ raw: 60, unique: 60 }),
      own: own({ removed: 10 }),
      deleted: { users: 2, most: 20, removedOfOthers: 0 },
    },
    [
      ['2 users', -30],
      ['unexplained', 10],
    ],
  ],
  [
    'repeated events of a user who was deleted in Mixpanel, whose copies are not there, as not known',
    {
      own: own({ imported: 110 }),
      mixpanel: mixpanel({ raw: 80, unique: 80 }),
      deleted: { users: 1, most: 100, removedOfOthers: 0 },
    },
    [
      ['not_read', 10],
      ['1 user', -30],
    ],
  ],
  [
    'nothing of users who were deleted in Mixpanel where no event is missing',
    { deleted: { users: 3, most: 300, removedOfOthers: 9 } },
    [],
  ],
  [
    'events that are not exported yet',
    { mixpanel: mixpanel({ raw: 60, unique: 60 }), recent: true },
    [['not_yet_exported', -40]],
  ],
  ['hidden events', { lexicon: { hidden: true, dropped: false } }, [['hidden', -100]]],
  [
    'lost events',
    { braze: { events: 105 }, mixpanel: mixpanel({ raw: 97, unique: 97 }) },
    [['unexplained', 8]],
  ],
])('names %s', (_title, changes, expected) => {
  expect(found(changes)).toEqual(expected);
});

it('names events on other days of the project where over the period none is missing', () => {
  const day = (number: number, there: number) =>
    facts({ day: `2026-01-0${number}`, mixpanel: mixpanel({ raw: there, unique: there }) });
  const rows = explainDays([day(1, 80), day(2, 130), day(3, 90), day(4, 101)]);
  expect(rows.map(({ unexplained }) => unexplained)).toEqual([0, 0, 0, 0]);
  expect(rows[1]!.steps[2]!.causes).toEqual([{ cause: 'project_day_boundary', events: 30 }]);
  expect(explainDays([day(1, 80), day(2, 100)]).map(({ unexplained }) => unexplained)).toEqual([20, 0]);
});

it('A day on which Mixpanel has as many events as were sent has no finding, whatever users did in one second', () => {
  const days = [0, 0, 90, 0, 0].map((twins, place) =>
    facts({ day: `2026-01-0${place + 1}`, mixpanel: mixpanel({ twins }) }),
  );
  for (const { steps: found, unexplained } of explainDays(days)) {
    expect(found.flatMap(({ causes: shares }) => shares)).toEqual([]);
    expect(unexplained).toBe(0);
  }
});

it('A second sender has no more events than Mixpanel has beyond those that were sent', () => {
  fc.assert(
    fc.property(fc.array(anyFacts, { maxLength: 12 }), given => {
      for (const { steps: found } of explainDays(given))
        for (const { difference, causes: shares } of found) {
          const others = shares.filter(({ cause, events }) => cause !== 'second_sender' && events < 0);
          const most = others.reduce((sum, { events }) => sum - events, Math.max(0, difference));
          for (const { cause, events } of shares)
            if (cause === 'second_sender') {
              expect(events).toBeGreaterThan(0);
              expect(events).toBeLessThanOrEqual(most);
            }
        }
    }),
  );
});

const count = fc.nat(1_000);
const reasons = fc.dictionary(fc.constantFrom('a', 'b'), count);
const orNot = <T>(known: fc.Arbitrary<T>) => fc.oneof(known, fc.constant({ notKnown: 'Not read.' }));
const shift = fc.option(
  fc.record({
    events: fc.integer({ min: -50, max: 50 }),
    partly: fc.boolean(),
    offset: fc.constant('UTC+05:30'),
  }),
  { nil: undefined },
);
const anyFacts: fc.Arbitrary<Facts> = fc.record({
  day: fc.constantFrom('2026-01-01', '2026-01-02', '2026-01-03'),
  event: fc.constantFrom('A', 'B'),
  braze: fc.oneof(
    fc.record({ events: count }),
    fc.constantFrom({ notKnown: 'No key.' }, { notComparable: 'No series.' }),
  ),
  ...{ machineOpens: count, countsUsers: fc.boolean(), everReceived: fc.boolean(), recent: fc.boolean() },
  ...{ ofOthers: count, open: fc.boolean(), moved: count },
  own: orNot(
    fc.record({
      ...{
        imported: count,
        skipped: reasons,
        dead: reasons,
        backfilled: count,
        late: count,
        again: count,
        removed: count,
      },
      companyShift: fc.integer({ min: -50, max: 50 }),
    }),
  ),
  pending: orNot(
    fc.record({
      waiting: count,
      held: count,
      backfilled: count,
      again: count,
      companyShift: fc.integer({ min: -9, max: 9 }),
    }),
  ),
  mixpanel: orNot(fc.record({ raw: count, unique: count, twins: count, renamed: count })),
  company: orNot(fc.record({ copies: count, unlisted: count })),
  hasOtherDays: fc.boolean(),
  projectShift: shift,
  companyShift: shift,
  lexicon: orNot(fc.record({ hidden: fc.boolean(), dropped: fc.boolean() })),
  deleted: fc.option(fc.record({ users: count, most: count, removedOfOthers: count }), { nil: undefined }),
});

it('makes causes and the unexplained rest add up to each difference, for any facts', () => {
  fc.assert(
    fc.property(fc.array(anyFacts, { maxLength: 12 }), given => {
      for (const { columns, steps: found, unexplained } of explainDays(given)) {
        for (const { step, difference, causes: shares, unexplained: rest } of found) {
          const [from, to] = steps[step];
          expect(difference).toBe(eventsOf(columns[to])! - eventsOf(columns[from])!);
          expect(shares.reduce((sum, { events }) => sum + events, rest)).toBe(difference);
          for (const { cause } of shares) expect(causes[cause].step).toBe(step);
        }
        expect(unexplained).toBe(found.reduce((sum, each) => sum + Math.abs(each.unexplained), 0));
      }
    }),
  );
});

it('leaves nothing of a day unexplained that has not ended', () => {
  fc.assert(
    fc.property(anyFacts, given => {
      expect(explainRow({ ...given, open: true }).unexplained).toBe(0);
    }),
  );
});

it('Events of deleted campaigns, of which some were skipped, show no second sender where another one uses the same IDs', () => {
  const some = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(some, some, some, fc.boolean(), (unlisted, skipped, twins, isOther) => {
      const sentByBoth = facts({
        braze: { events: 100 - (isOther ? 0 : unlisted) },
        own: own({ skipped: { excluded: skipped } }),
        mixpanel: mixpanel({ raw: 200, twins }),
        company: { copies: 100, unlisted: isOther ? 0 : unlisted },
      });
      const other = facts({
        ...{ day: '2026-01-03', braze: { events: 100 - unlisted }, company: { copies: 0, unlisted } },
      });
      const [row] = explainDays([sentByBoth, other]) as [Row, Row];
      const named = row.steps.flatMap(step => step.causes.map(({ cause, events }) => [cause, events]));
      expect(named).toContainEqual(['sent_again', 100]);
      expect(named).not.toContainEqual(['second_sender', expect.anything()]);
      expect(row.unexplained).toBe(0);
    }),
  );
});

it('No cause of a difference to Braze adds more where the raw export was not read, save that it is not known', () => {
  const some = fc.nat(40);
  const added = ({ steps: of }: Row, named: string) =>
    of[0]!.causes.find(({ cause }) => cause === named)?.events ?? 0;
  fc.assert(
    fc.property(some, some, some, some, fc.boolean(), (copies, unlisted, skipped, more, countsUsers) => {
      const given = facts({
        braze: { events: 100 },
        own: own({
          imported: 100 + copies + unlisted + (countsUsers ? more : 0),
          skipped: { excluded: skipped },
        }),
        ...{ company: { copies, unlisted }, countsUsers },
      });
      const unread = { ...given, mixpanel: { notKnown: 'Cut off.' }, company: { notKnown: 'Cut off.' } };
      for (const hasUnlisted of [false, true]) {
        const [before, after] = [given, unread].map(each =>
          explainRow(each, { ...noPeriod, sentAgain: 0, hasUnlisted }),
        );
        for (const cause of Object.keys(causes))
          if (cause !== 'not_read')
            expect(added(after!, cause), cause).toBeLessThanOrEqual(added(before!, cause));
        expect(after!.unexplained).toBe(0);
      }
    }),
  );
});

it('names what the service imported meanwhile before it suspects a second sender, on days that are open or not', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.nat(300), fc.nat(50), fc.nat(50), (open, more, moved, waiting) => {
      const there = mixpanel({ raw: 100 + more, unique: 100 + more, twins: 40 });
      const [row] = explainDays([facts({ open, moved, pending: pending({ waiting }), mixpanel: there })]) as [
        Row,
      ];
      const [, , toRaw] = row.steps;
      const named = toRaw!.causes.find(({ cause }) => cause === 'second_sender')?.events ?? 0;
      const onTheWay = moved + (open ? waiting : 0);
      expect(named).toBe(Math.min(40, Math.max(0, more - onTheWay)));
    }),
  );
});

it('explains of a day whose counts moved as many events as they moved by', () => {
  const there = mixpanel({ raw: 108, unique: 108 });
  expect(found({ moved: 8, mixpanel: there })).toEqual([['imported_meanwhile', 8]]);
  expect(found({ moved: 5, mixpanel: there })).toEqual([
    ['imported_meanwhile', 5],
    ['unexplained', 3],
  ]);
  expect(found({ moved: 8, braze: { events: 103 } })).toEqual([['accepted_meanwhile', -3]]);
});

it('has no step at a column that could not be read, so that nothing unexplained comes from it', () => {
  fc.assert(
    fc.property(anyFacts, given => {
      const { columns, steps: found } = explainRow(given);
      const known = Object.entries(steps).filter(([, pair]) =>
        pair.every(name => eventsOf(columns[name]) !== undefined),
      );
      expect(found.map(({ step }) => step)).toEqual(known.map(([step]) => step));
    }),
  );
});
