import { z } from 'zod';
import { isoTime } from './stored-event.ts';

/** States of an event. None but `accepted` says that Mixpanel has it. */
const eventStates = {
  waiting: 'it is not delivered yet: not attempted, being delivered, or without a final answer of Mixpanel',
  held: 'it waits until its own time',
  accepted: 'Mixpanel answered that it accepted it',
  refused: 'Mixpanel answered that it refused it',
  invalid: 'it cannot be mapped, so it was not sent',
  skipped: 'it is not meant for Mixpanel, for the reason',
  shadow: 'it came in shadow mode, so it was not sent',
  forgotten: 'its user is forgotten, so it is not sent',
  not_known: 'what became of it is not stored',
} as const;
export type EventState = keyof typeof eventStates;

const described = Object.entries(eventStates).map(([state, meaning]) => `\`${state}\`: ${meaning}`);
const stateShape = {
  state: z
    .enum(Object.keys(eventStates) as [EventState, ...EventState[]])
    .describe(`${described.join('; ')}.`),
  reason: z.string().nullable().describe('Of a dead letter or a skipped event.'),
};

const pastSchema = z.object({
  ...stateShape,
  at: z.string().nullable().describe('When it came into this state; `null` where that is not known.'),
  batch: z.int().nullable(),
  deadLetter: z.int().nullable().describe('ID of the dead letter, if it is stored.'),
  earlier: z
    .boolean()
    .describe(
      'Whether it ended before the event came into its state; `false` of another copy, which waits still, ended later or at a time that is not known.',
    ),
});
/** What became of one copy of an event. */
type Past = z.output<typeof pastSchema>;

/** The state of an event, of all its copies, and what became of the others. */
export const settledShape = {
  ...stateShape,
  history: z.array(pastSchema).describe('What became of its other copies and attempts, newest first.'),
};

/** State of a dead letter, by its reason. */
export const deadState = (reason: string): EventState =>
  reason === 'refused_by_mixpanel' ? 'refused' : 'invalid';

/** What is stored of one copy of an event. */
export interface Fact {
  readonly connection: string;
  /** The same for all copies of an event. */
  readonly key: string;
  readonly in: 'pending' | 'deadLetters' | 'delivered';
  readonly state: EventState;
  readonly reason: string | null;
  /** Milliseconds since 1970. */
  readonly at: number | null;
  readonly batch: number | null;
  readonly deadLetter: number | null;
  /** Whether it ended otherwise than here: as a dead letter, or as a batch of its own until its time. */
  readonly goesOn: boolean;
}

/** The copies of an event have its ID; without one, its text. */
export const keyOf = (id: string | null, text: string): string => (id ? `id ${id}` : `text ${text}`);

/** What tells most, first: an acceptance stands whatever became of another copy. */
function rankOf({ state, in: list, goesOn }: Fact): number {
  if (state === 'accepted') return 0;
  if (list === 'pending') return 1;
  if (list === 'deadLetters') return 2;
  if (state === 'shadow' || state === 'skipped') return 3;
  return goesOn ? 5 : 4;
}

/** Each event once, by the fact that tells most, with the others as its history; in the order of these facts. */
export function eachOnce<Each extends Fact>(
  facts: readonly Each[],
): readonly (Each & { readonly history: Past[] })[] {
  const chosen = new Map<Each, Past[]>();
  for (const copies of Map.groupBy(facts, ({ connection, key }) => `${connection} ${key}`).values()) {
    // Events with the same text and no ID are several.
    if (copies[0]!.key.startsWith('text ')) {
      const isStored = copies.some(({ in: list }) => list !== 'delivered');
      for (const copy of copies) if (!(isStored && copy.goesOn)) chosen.set(copy, []);
      continue;
    }
    const main = copies.reduce((best, each) => (rankOf(each) < rankOf(best) ? each : best));
    chosen.set(main, pastOf(copies, main));
  }
  return facts.flatMap(fact => {
    const history = chosen.get(fact);
    return history === undefined ? [] : [{ ...fact, history }];
  });
}

function pastOf(copies: readonly Fact[], main: Fact): Past[] {
  // A stored dead letter is also in the batch that it came from, and a held event in the batch before.
  let letters = copies.filter(({ in: list }) => list === 'deadLetters').length;
  const isTwin = (copy: Fact) =>
    copy.goesOn && (copy.state === 'held' ? main.state === 'held' : letters-- > 0);
  return copies
    .filter(copy => copy !== main && !isTwin(copy))
    .toSorted((a, b) => (b.at ?? Number.POSITIVE_INFINITY) - (a.at ?? Number.POSITIVE_INFINITY) || 0)
    .map(copy => ({
      ...{ state: copy.state, reason: copy.reason, batch: copy.batch, deadLetter: copy.deadLetter },
      ...{ at: copy.at === null ? null : isoTime(copy.at), earlier: isEarlier(copy, main) },
    }));
}

function isEarlier(copy: Fact, main: Fact): boolean {
  if (copy.in === 'pending' || copy.at === null || main.at === null) return false;
  const isBatchBefore = copy.batch !== null && main.batch !== null && copy.batch < main.batch;
  // A replayed event has the receipt of its first batch.
  if (main.in === 'pending' && copy.batch !== null) return isBatchBefore;
  return copy.at < main.at || (copy.at === main.at && isBatchBefore);
}
