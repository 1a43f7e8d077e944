import { inWords } from '../parts/format.ts';
import type { Tone } from '../parts/tone.ts';

/** The answer of `POST /api/trace`, and its events as one list. */
interface StoredEvent {
  readonly id: string | null;
  readonly eventType: string | null;
  readonly time: string | null;
  readonly state: string;
  readonly reason: string | null;
  /** What became of its other copies and attempts, newest first. */
  readonly history: readonly Past[];
}

interface Past {
  readonly state: string;
  readonly reason: string | null;
  readonly at: string | null;
  readonly batch: number | null;
  readonly deadLetter: number | null;
  /** Whether it ended before the event came into its state; otherwise it is of another copy. */
  readonly earlier: boolean;
}

interface PendingEvent extends StoredEvent {
  readonly batch: number;
  readonly receivedAt: string;
  readonly attempts: number;
  readonly nextAttempt: string | null;
  readonly beingDelivered: boolean;
}

interface DeadEvent extends StoredEvent {
  readonly deadLetter: number;
  readonly diedAt: string;
  readonly detail: string;
}

interface DeliveredEvent extends StoredEvent {
  readonly batch: number;
  readonly deliveredAt: string;
}

export interface Membership {
  readonly sync: string;
  readonly name: string;
  readonly as: string;
  readonly inMixpanel: boolean;
  readonly mixpanelReadAt: string | null;
  readonly inBraze: boolean;
  readonly refused: boolean;
  readonly why: string;
}

export interface Trace {
  readonly connections: Readonly<
    Record<
      string,
      {
        readonly pending: readonly PendingEvent[];
        readonly deadLetters: readonly DeadEvent[];
        /** `null` where delivered events are not stored. */
        readonly delivered: readonly DeliveredEvent[] | null;
      }
    >
  >;
  readonly cohorts: readonly Membership[];
  /** When the user was forgotten, with the number of its receipt; `at` is `null` where its receipt is not known. */
  readonly forgotten: { readonly at: string | null; readonly receipt: string } | null;
  /** Cursor of the next page of delivered events. */
  readonly older: string | null;
}

/** The answer of `POST /api/trace/delivered`. */
export interface DeliveredPage {
  readonly delivered: readonly (DeliveredEvent & { readonly connection: string })[];
  /** Whether delivered events are stored. */
  readonly kept: boolean;
  readonly older: string | null;
}

/** Waiting events and dead letters of one connection that a trace has at most. */
export const mostInList = 200;

/** Whether a list of waiting events or dead letters reached its maximum. */
export const isCut = ({ connections }: Trace): boolean =>
  Object.values(connections).some(each =>
    [each.pending, each.deadLetters].some(({ length }) => length >= mostInList),
  );

/** An event with what became of it. */
export interface TracedEvent extends Omit<StoredEvent, 'reason'> {
  readonly key: string;
  readonly connection: string;
  readonly detail: string;
  /** When it came into this state. */
  readonly at: string | null;
  /** ID of its dead letter. */
  readonly letter?: number;
}

/** All events of a trace, the newest first by their own time. */
export const eventsOf = (connections: Trace['connections']): readonly TracedEvent[] =>
  sorted(
    Object.entries(connections).flatMap(([connection, { pending, deadLetters, delivered }]) => [
      ...pending.map(each => ({ ...each, ...waitOf(each), connection })),
      ...deadLetters.map(({ deadLetter, diedAt, ...each }) => ({
        ...{ ...each, connection, at: diedAt, letter: deadLetter },
      })),
      ...(delivered ?? []).map(each => deliveredOf({ ...each, connection })),
    ]),
  );

/** The events of one page, in the same order. */
export const eventsOfPage = ({ delivered }: DeliveredPage): readonly TracedEvent[] =>
  sorted(delivered.map(deliveredOf));

const sorted = (events: readonly Omit<TracedEvent, 'key'>[]): readonly TracedEvent[] =>
  events
    .map((each, index) => ({ ...each, key: `${index}` }))
    .sort((a, b) => (b.time ?? '').localeCompare(a.time ?? ''));

/** A delivered event that was refused or invalid is a dead letter no more: otherwise it is among these. */
function deliveredOf({ deliveredAt, batch, reason, state, ...each }: DeliveredPage['delivered'][number]) {
  const detail = reason === null ? `Batch ${batch}` : `${inWords(reason)}, batch ${batch}`;
  const ended = { ...each, at: deliveredAt };
  const gone = 'no longer in the list: it was purged, expired, or was replayed';
  if (state === 'invalid') return { ...ended, state: 'was_dead', detail: `${detail}, ${gone}` };
  if (state === 'refused') return { ...ended, state, detail: `${detail}, its dead letter is ${gone}` };
  return { ...ended, state, detail };
}

function waitOf({ state, batch, attempts, nextAttempt, beingDelivered, receivedAt }: PendingEvent) {
  if (state === 'held') return { detail: `Batch ${batch}, until`, at: nextAttempt };
  const tried =
    attempts === 0
      ? 'not attempted yet, received'
      : `${attempts} attempts, next${nextAttempt === null ? ' now' : ''}`;
  const detail = `Batch ${batch}, ${beingDelivered ? 'being delivered, received' : tried}`;
  return { detail, at: beingDelivered || attempts === 0 ? receivedAt : nextAttempt };
}

/** What an entry of an event's history is about. */
export const copyOf = ({ earlier, batch, deadLetter }: Past): string =>
  earlier ? 'before' : batch === null ? `copy in dead letter ${deadLetter}` : `copy in batch ${batch}`;

const states: Readonly<Record<string, readonly [tone: Tone, text: string]>> = {
  waiting: ['busy', 'Waiting'],
  held: ['busy', 'Held until its time'],
  accepted: ['good', 'Accepted by Mixpanel'],
  refused: ['bad', 'Refused by Mixpanel'],
  invalid: ['bad', 'Dead letter, not sent'],
  was_dead: ['plain', 'Was a dead letter'],
  skipped: ['warn', 'Skipped'],
  shadow: ['plain', 'Shadow mode, not sent'],
  forgotten: ['plain', 'Forgotten, not sent'],
  not_known: ['warn', 'Not known'],
};

/** A state in words. */
export const stateOf = ({ state }: Pick<Past, 'state'>): readonly [tone: Tone, text: string] =>
  states[state] ?? ['plain', state];
