import { z } from 'zod';
import { type Cause, causes, type StepName, steps } from './causes.ts';
import { type Column, columnSchema, eventsOf } from './columns.ts';
import { completedEvents, type Facts } from './facts.ts';
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

/** The columns of an event name and day, and the differences between them by cause. Pure. */
export function explainRow(facts: Facts): Row {
  const columns = columnsOf(facts);
  const found = (Object.keys(steps) as StepName[]).flatMap((step): Step[] => {
    const [from, to] = steps[step].map(name => eventsOf(columns[name]));
    if (from === undefined || to === undefined) return [];
    return [{ step, ...splitDifference(to - from, claimsOf[step](facts)) }];
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
const claimsOf: Readonly<Record<StepName, (facts: Facts) => Claim[]>> = {
  braze_to_accepted(facts) {
    const { own, pending, mixpanel, machineOpens, countsUsers, everReceived, recent } = facts;
    if ('notKnown' in own || 'notKnown' in pending) return [];
    const { raw, unique, unlisted } = 'notKnown' in mixpanel ? nothing : mixpanel;
    return [
      counted('day_boundary', -(own.companyShift + pending.companyShift)),
      upTo('not_in_lists', unlisted),
      upTo('resent_by_braze', raw - unique),
      upTo('defined_differently', countsUsers ? Number.POSITIVE_INFINITY : 0),
      upTo('not_read', 'notKnown' in mixpanel ? Number.POSITIVE_INFINITY : 0),
      upTo('not_in_current', everReceived ? 0 : Number.NEGATIVE_INFINITY),
      { cause: 'machine_opens', events: -machineOpens, how: 'all_or_none' },
      ...meanwhile('accepted_meanwhile', facts),
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
  imported_to_raw(facts) {
    const { mixpanel, lexicon, recent, ofOthers } = facts;
    if ('notKnown' in mixpanel) return [];
    const { raw, unique, twins, renamed } = mixpanel;
    const dropped = !('notKnown' in lexicon) && lexicon.dropped;
    return [
      counted('renamed_by_mixpanel', -renamed),
      upTo('other_connection', ofOthers),
      upTo('sent_again', raw - unique),
      upTo('second_sender', twins),
      upTo('dropped_by_mixpanel', dropped ? Number.NEGATIVE_INFINITY : 0),
      ...meanwhile('imported_meanwhile', facts),
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

const nothing = { raw: 0, unique: 0, unlisted: 0 };

const counted = (cause: Cause, events: number, reason?: string): Claim => ({
  ...{ cause, reason, events, how: 'counted' },
});
const upTo = (cause: Cause, events: number): Claim => ({ cause, events, how: 'up_to' });
/** Of a day that has not ended, whatever is left; of any other, as much as its counts moved. */
function meanwhile(cause: Cause, { open, moved }: Facts): Claim[] {
  const most = open ? Number.POSITIVE_INFINITY : moved;
  return most === 0 ? [] : [upTo(cause, most), upTo(cause, -most)];
}
const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);
