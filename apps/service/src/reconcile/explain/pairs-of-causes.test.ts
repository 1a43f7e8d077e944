import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eventsOf } from './columns.ts';
import { explainDays } from './explain-days.ts';
import type { Facts } from './facts.ts';

/** The facts of a day that a kind changes. */
type Change = (facts: Draft, events: number) => void;
interface Draft {
  braze: number;
  machineOpens: number;
  own: { imported: number; skipped: Record<string, number>; dead: Record<string, number>; again: number };
  waiting: number;
  ofOthers: number;
  mixpanel: { raw: number; unique: number; twins: number; renamed: number };
  company: { copies: number; unlisted: number };
  hidden: boolean;
}

const usual = 100;
const day = (): Draft => ({
  ...{ braze: usual, machineOpens: 0, waiting: 0, ofOthers: 0, hidden: false },
  own: { imported: usual, skipped: {}, dead: {}, again: 0 },
  mixpanel: { raw: usual, unique: usual, twins: 0, renamed: 0 },
  company: { copies: 0, unlisted: 0 },
});

/** Of these events, nothing comes to Mixpanel. */
const notThere = ({ mixpanel }: Draft, events: number) => {
  mixpanel.raw -= events;
  mixpanel.unique -= events;
};
const notImported = (facts: Draft, events: number) => {
  facts.own.imported -= events;
  notThere(facts, events);
};
const copied = ({ mixpanel, company }: Draft, events: number) => {
  mixpanel.raw += events;
  company.copies += events;
};

/** What happens to so many events, and which causes must be named for it. */
const kinds: Readonly<Record<string, readonly [Change, named: string]>> = {
  paused: [
    (facts, events) => {
      notImported(facts, events);
    },
    'unexplained -braze_to_accepted',
  ],
  resent: [
    (facts, events) => {
      facts.own.imported += events;
      copied(facts, events);
    },
    'resent_by_braze',
  ],
  skipped: [
    (facts, events) => {
      notImported(facts, events);
      facts.own.skipped.no_external_user_id = (facts.own.skipped.no_external_user_id ?? 0) + events;
    },
    'skipped',
  ],
  skippedAgain: [
    (facts, events) => {
      notImported(facts, events);
      facts.own.skipped.excluded = (facts.own.skipped.excluded ?? 0) + 2 * events;
      facts.own.again += events;
    },
    'resent_by_braze',
  ],
  dead: [
    (facts, events) => {
      notImported(facts, events);
      facts.own.dead.too_deep = (facts.own.dead.too_deep ?? 0) + events;
    },
    'dead',
  ],
  waiting: [
    (facts, events) => {
      notImported(facts, events);
      facts.waiting += events;
    },
    'waiting',
  ],
  notListed: [
    (facts, events) => {
      facts.braze -= events;
      facts.company.unlisted += events;
    },
    'not_in_lists',
  ],
  machineOpens: [
    (facts, events) => {
      facts.braze += events;
      facts.machineOpens += events;
    },
    'machine_opens',
  ],
  sentAgain: [copied, 'sent_again'],
  dropped: [notThere, 'unexplained -imported_to_raw'],
  renamed: [
    (facts, events) => {
      notThere(facts, events);
      facts.mixpanel.renamed += events;
    },
    'renamed_by_mixpanel',
  ],
  secondSender: [
    ({ mixpanel }, events) => {
      mixpanel.raw += events;
      mixpanel.unique += events;
      mixpanel.twins += events;
    },
    'second_sender',
  ],
  otherConnection: [
    facts => {
      facts.mixpanel.raw += usual;
      facts.mixpanel.unique += usual;
      facts.ofOthers += usual;
    },
    'other_connection',
  ],
  hidden: [
    facts => {
      facts.hidden = true;
    },
    'hidden',
  ],
};

const factsOf = (number: number, { waiting, hidden, braze, ...draft }: Draft): Facts => ({
  ...{ day: `2026-01-0${number}`, event: 'Email Open', countsUsers: false, everReceived: true },
  ...{ hasOtherDays: false, recent: false, open: false, moved: 0, ...draft, braze: { events: braze } },
  own: { ...draft.own, backfilled: 0, late: 0, removed: 0, companyShift: 0 },
  pending: { waiting, held: 0, backfilled: 0, again: 0, companyShift: 0 },
  lexicon: { hidden, dropped: false },
});

/** Six days, the third with these kinds; the second has opens by machines too, where they are one of them. */
function explained(given: readonly (readonly [kind: string, events: number])[]) {
  const days = Array.from({ length: 6 }, day);
  for (const [kind, events] of given) {
    kinds[kind]![0](days[2]!, events);
    if (kind === 'machineOpens') kinds[kind]![0](days[1]!, 7);
  }
  return explainDays(days.map((draft, place) => factsOf(place + 1, draft)));
}

/** The same counts come from both, so that they cannot be told apart. */
const alike = (kind: string, other: string): boolean => {
  const isOne = (each: string) => [kind, other].includes(each);
  if (isOne('secondSender') && isOne('dropped')) return true;
  const beside = ['resent', 'paused', 'dropped', 'machineOpens', 'secondSender', 'otherConnection'];
  return isOne('sentAgain') && beside.some(isOne);
};

const pairs = Object.keys(kinds).flatMap((kind, place, all) =>
  all.slice(place + 1).map(other => [kind, other] as const),
);

it.each(pairs.filter(([kind, other]) => !alike(kind, other)))(
  '%s and %s on one day are both named, also where they cancel out, and their parts add up',
  (kind, other) => {
    const events = fc.integer({ min: 10, max: 20 });
    fc.assert(
      fc.property(events, events, fc.boolean(), (one, second, equal) => {
        const rows = explained([
          [kind, one],
          [other, equal ? one : second],
        ]);
        const row = rows[2]!;
        const named = row.steps.flatMap(step => [
          ...step.causes.map(each => each.cause as string),
          ...(step.unexplained === 0 ? [] : [`unexplained ${step.unexplained < 0 ? '-' : '+'}${step.step}`]),
        ]);
        expect(named).toEqual(expect.arrayContaining([kinds[kind]![1], kinds[other]![1]]));
        for (const { difference, causes, unexplained } of row.steps)
          expect(causes.reduce((sum, each) => sum + each.events, unexplained)).toBe(difference);
        expect(rows.filter(({ day: of }) => of !== row.day).map(each => each.unexplained)).toEqual([
          0, 0, 0, 0, 0,
        ]);
      }),
    );
  },
);

it.each(Object.entries(kinds))('%s alone is named, and nothing else is unexplained', (kind, [, named]) => {
  const row = explained([[kind, 12]])[2]!;
  expect([...row.steps.flatMap(step => step.causes.map(each => each.cause as string))]).toEqual(
    named.startsWith('unexplained') ? [] : expect.arrayContaining([named]),
  );
  expect(row.unexplained).toBe(named.startsWith('unexplained') ? 12 : 0);
});

it.each<[string, string]>([
  ['resent', 'paused'],
  ['sentAgain', 'dropped'],
  ['sentAgain', 'paused'],
  ['notListed', 'paused'],
])('as many events of %s as of %s hide no loss: it is a finding', (kind, loss) => {
  const row = explained([
    [kind, 15],
    [loss, 15],
  ])[2]!;
  expect(row.unexplained).toBe(15);
  expect(eventsOf(row.columns.mixpanelUnique)).toBeDefined();
});

it('Of a second sender and a loss on one day, only what one has more than the other is named', () => {
  const events = fc.integer({ min: 10, max: 20 });
  fc.assert(
    fc.property(events, events, (more, lost) => {
      const { steps, unexplained } = explained([
        ['secondSender', more],
        ['dropped', lost],
      ])[2]!;
      const expected = more > lost ? [{ cause: 'second_sender', events: more - lost }] : [];
      expect(steps.flatMap(step => step.causes)).toEqual(expected);
      expect(unexplained).toBe(Math.max(0, lost - more));
    }),
  );
});
