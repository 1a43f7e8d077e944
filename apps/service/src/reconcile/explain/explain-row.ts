import { z } from 'zod';
import { type Cause, causes, type StepName, steps } from './causes.ts';
import { type Column, columnSchema, eventsOf } from './columns.ts';
import {
  completedEvents,
  deadOn,
  type Facts,
  isDropped,
  noPeriod,
  type PeriodFacts,
  type Shift,
} from './facts.ts';
import { type Claim, splitDifference } from './split-difference.ts';

const shareSchema = z
  .object({
    cause: z.enum(Object.keys(causes) as Cause[]),
    reason: z.string().optional(),
    /** What the cause adds to the second column; negative where it takes away. */
    events: z.int(),
  })
  .readonly();

const stepSchema = z
  .object({
    step: z.enum(Object.keys(steps) as StepName[]),
    /** The second column less the first. */
    difference: z.int(),
    causes: z.array(shareSchema).readonly(),
    /** The difference less all causes. */
    unexplained: z.int(),
  })
  .readonly();
export type Step = z.output<typeof stepSchema>;

export const rowSchema = z
  .object({
    /** `YYYY-MM-DD`, UTC. */
    day: z.string(),
    /** Name in Mixpanel. */
    event: z.string(),
    columns: z
      .object({
        braze: columnSchema,
        /** Events that Currents brought. */
        received: columnSchema,
        /** Those and the events of back-fills. */
        accepted: columnSchema,
        skipped: columnSchema,
        dead: columnSchema,
        waiting: columnSchema,
        held: columnSchema,
        imported: columnSchema,
        mixpanelRaw: columnSchema,
        mixpanelUnique: columnSchema,
        mixpanelShown: columnSchema,
      })
      .readonly(),
    /** Of the imported events, those that were received on another day. */
    late: columnSchema,
    /** Between each two columns that are known. */
    steps: z.array(stepSchema).readonly(),
    /** Sum of what is unexplained in its steps, without signs. */
    unexplained: z.int(),
  })
  .readonly();
export type Row = z.output<typeof rowSchema>;

/**
 * The columns of an event name and day, and the differences between them by cause. Pure.
 *
 * @param period what other days of the event show; default: nothing
 */
export function explainRow(facts: Facts, period: PeriodFacts = noPeriod): Row {
  const columns = columnsOf(facts);
  const found = (Object.keys(steps) as StepName[]).flatMap((step): Step[] => {
    const [from, to] = steps[step].map(name => eventsOf(columns[name]));
    if (from === undefined || to === undefined) return [];
    return [{ step, ...splitDifference(to - from, claimsOf[step](facts, period)) }];
  });
  const late: Column = 'notKnown' in facts.own ? facts.own : { events: facts.own.late };
  return { day: facts.day, event: facts.event, columns, late, ...withSteps(found) };
}

/** Steps with the sum of what they leave unexplained. */
export const withSteps = (found: readonly Step[]): Pick<Row, 'steps' | 'unexplained'> => ({
  steps: found,
  unexplained: found.reduce((sum, { unexplained }) => sum + Math.abs(unexplained), 0),
});

function columnsOf({ braze, own, pending, mixpanel, lexicon }: Facts): Row['columns'] {
  const ours = (count: (known: Exclude<typeof own, { notKnown: string }>) => number): Column =>
    'notKnown' in own ? own : { events: count(own) };
  /** All events, less a part of them. */
  const accepted = (less: (part: { readonly backfilled: number }) => number): Column =>
    'notKnown' in pending
      ? pending
      : ours(known => {
          const completed = completedEvents(known) - less(known);
          return completed + pending.waiting + pending.held - less(pending);
        });
  const unique: Column = 'notKnown' in mixpanel ? mixpanel : { events: mixpanel.unique };
  return {
    braze,
    received: accepted(({ backfilled }) => backfilled),
    accepted: accepted(() => 0),
    skipped: ours(({ skipped }) => sum(skipped)),
    dead: ours(({ dead }) => sum(dead)),
    waiting: 'notKnown' in pending ? pending : { events: pending.waiting },
    held: 'notKnown' in pending ? pending : { events: pending.held },
    imported: ours(({ imported }) => imported),
    mixpanelRaw: 'notKnown' in mixpanel ? mixpanel : { events: mixpanel.raw },
    mixpanelUnique: unique,
    mixpanelShown:
      'notKnown' in mixpanel
        ? unique
        : 'notKnown' in lexicon
          ? lexicon
          : lexicon.hidden
            ? { events: 0 }
            : unique,
  };
}

/** The claims of each step. Facts that are not known claim nothing; their step is left out. */
const claimsOf: Readonly<Record<StepName, (facts: Facts, period: PeriodFacts) => Claim[]>> = {
  braze_to_accepted(facts, { sentAgain, hasExtras, leavesOutMachineOpens, hasUnlisted, deadBeside }) {
    const { own, pending, mixpanel, company, machineOpens, countsUsers, everReceived, recent } = facts;
    if ('notKnown' in own || 'notKnown' in pending) return [];
    const { copies, unlisted } = 'notKnown' in company ? nothing : company;
    // Of a day that has not ended, whatever is left; of any other, as much as its counts moved.
    const most = facts.open ? Number.POSITIVE_INFINITY : facts.moved;
    const isRead = !('notKnown' in mixpanel || 'notKnown' in company);
    const notImported = completedEvents(own) - own.imported + pending.waiting + pending.held;
    // Of these events, the raw export shows neither the day at the company nor that one was repeated.
    const unseen =
      'notKnown' in mixpanel
        ? 0
        : Math.min(mostRemoved(facts), Math.max(0, own.imported + facts.ofOthers - mixpanel.raw));
    // Copies are re-sends of Braze or of the service. Another sender's events and copies are not of the accepted ones.
    const resent = hasExtras ? 0 : Math.max(0, copies - sentAgain);
    return [
      counted('day_boundary', -(own.companyShift + pending.companyShift)),
      ...shiftClaims('company_day_boundary', facts.companyShift, notImported + unseen),
      // Dead letters count on their UTC day.
      ...(facts.hasOtherDays ? [upTo('day_boundary', deadOn(facts)), upTo('day_boundary', -deadBeside)] : []),
      counted('resent_by_braze', own.again + pending.again + resent),
      { cause: 'not_in_lists', events: unlisted, how: hasExtras ? 'up_to' : 'counted' },
      // Events that are not in the raw export may be of the campaigns that it shows to be deleted. Before re-sends of
      // Braze, which would be taken from the copies of another sender.
      upTo('not_in_lists', hasUnlisted ? notImported : 0),
      upTo('resent_by_braze', copies - resent),
      // Before it: what the raw export does not show may be repeated as well.
      upTo('not_read', isRead ? unseen : Number.POSITIVE_INFINITY),
      upTo('defined_differently', countsUsers ? Number.POSITIVE_INFINITY : 0),
      upTo('not_in_current', everReceived ? 0 : Number.NEGATIVE_INFINITY),
      { cause: 'machine_opens', events: -machineOpens, how: leavesOutMachineOpens ? 'up_to' : 'all_or_none' },
      upTo('accepted_meanwhile', most),
      upTo('accepted_meanwhile', -most),
      upTo('may_arrive_late', recent ? Number.NEGATIVE_INFINITY : 0),
    ];
  },
  accepted_to_imported({ own, pending }) {
    if ('notKnown' in own || 'notKnown' in pending) return [];
    return [
      ...Object.entries(own.skipped).map(([reason, events]) => counted('skipped', -events, reason)),
      ...Object.entries(own.dead).map(([reason, events]) => counted('dead', -events, reason)),
      counted('waiting', -pending.waiting),
      counted('held', -pending.held),
    ];
  },
  imported_to_raw(facts, { resent }) {
    const { mixpanel, recent, ofOthers, open, moved, deleted } = facts;
    if ('notKnown' in mixpanel) return [];
    const { raw, unique, twins, renamed } = mixpanel;
    const resentHere = Math.max(0, Math.min(raw - unique, resent));
    return [
      upTo('dropped_by_mixpanel', isDropped(facts) ? Number.NEGATIVE_INFINITY : 0),
      ...shiftClaims('project_day_boundary', facts.projectShift, 0),
      counted('renamed_by_mixpanel', -renamed),
      counted('other_connection', ofOthers),
      // Copies that Braze's numbers show to be its re-sends are the last to be of the service.
      upTo('sent_again', raw - unique - resentHere),
      upTo('imported_meanwhile', seenMeanwhile(facts)),
      // Users may do the same twice in a second: only events beyond those that were sent are of another sender.
      upTo('second_sender', twins),
      upTo('sent_again', resentHere),
      upTo('imported_meanwhile', open ? Number.POSITIVE_INFINITY : 0),
      upTo('imported_meanwhile', open ? Number.NEGATIVE_INFINITY : -moved),
      upTo('deleted_in_mixpanel', -mostDeleted(facts), deleted && usersText(deleted.users)),
      upTo('not_yet_exported', recent ? Number.NEGATIVE_INFINITY : 0),
    ];
  },
  raw_to_unique: ({ mixpanel }) =>
    'notKnown' in mixpanel ? [] : [counted('repeated', mixpanel.unique - mixpanel.raw)],
  unique_to_shown: ({ mixpanel, lexicon }) =>
    'notKnown' in mixpanel || 'notKnown' in lexicon || !lexicon.hidden
      ? []
      : [counted('hidden', -mixpanel.unique)],
};

const nothing = { copies: 0, unlisted: 0 };
/** Events that Mixpanel accepted and dropped, or deleted, at most. */
const mostRemoved = (facts: Facts): number =>
  isDropped(facts) ? Number.POSITIVE_INFINITY : mostDeleted(facts);
const mostDeleted = ({ deleted, own }: Facts): number =>
  deleted === undefined ? 0 : deleted.most + deleted.removedOfOthers + ('notKnown' in own ? 0 : own.removed);
const usersText = (users: number): string => `${users} ${users === 1 ? 'user' : 'users'}`;

const counted = (cause: Cause, events: number, reason?: string): Claim => ({
  ...{ cause, reason, events, how: 'counted' },
});
const upTo = (cause: Cause, events: number, reason?: string): Claim => ({
  ...{ cause, reason, events, how: 'up_to' },
});
/** Of a day that was read in part, whatever is left; of any other, up to `most` events more or fewer. */
function shiftClaims(cause: Cause, shift: Shift | undefined, most: number): Claim[] {
  if (shift === undefined) return [];
  const { events, partly, offset } = shift;
  const rest = partly ? Number.POSITIVE_INFINITY : most;
  return [
    counted(cause, partly ? 0 : events, offset),
    ...(rest === 0 ? [] : [upTo(cause, rest, offset), upTo(cause, -rest, offset)]),
  ];
}
/** Events that Mixpanel may have beyond those of the first reading: of a day that is open, the ones on the way there too. */
const seenMeanwhile = ({ open, moved, pending }: Facts): number =>
  moved + (open && !('notKnown' in pending) ? pending.waiting : 0);
const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);
