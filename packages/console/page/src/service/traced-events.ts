/** The answer of `POST /api/trace`, and its events as one list. */
interface StoredEvent {
  readonly id: string | null;
  readonly eventType: string | null;
  readonly time: string | null;
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
  readonly outcome: string;
}

export interface Membership {
  readonly sync: string;
  readonly name: string;
  readonly as: string;
  readonly inMixpanel: boolean;
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

/** Pending events and dead letters of one connection that a trace has at most. */
export const mostInList = 200;

/** Whether a list of pending events or dead letters reached its maximum. */
export const isCut = ({ connections }: Trace): boolean =>
  Object.values(connections).some(each =>
    [each.pending, each.deadLetters].some(({ length }) => length >= mostInList),
  );

/** An event with what became of it. */
export interface TracedEvent extends StoredEvent {
  readonly key: string;
  readonly connection: string;
  readonly kind: 'pending' | 'dead' | 'sent' | 'skipped';
  readonly state: string;
  readonly detail: string;
  /** When it came into this state. */
  readonly at: string | null;
  /** ID of its dead letter. */
  readonly letter?: number;
}

/** All events of a trace, the newest first by their own time. A dead letter is one, whether its batch is stored or not. */
export const eventsOf = ({ connections }: Trace): readonly TracedEvent[] =>
  sorted(
    Object.entries(connections).flatMap(([connection, { pending, deadLetters, delivered }]) => [
      ...pending.map(each => ({ ...each, ...pendingOf(each), connection })),
      ...deadLetters.map(({ deadLetter, diedAt, ...each }) => ({
        ...{ ...each, connection, kind: 'dead' as const, state: 'Dead letter', at: diedAt },
        letter: deadLetter,
      })),
      ...(delivered ?? []).filter(isNotIn(deadLetters)).map(each => tracedAs({ ...each, connection })),
    ]),
  );

/** The events of one page, in the same order. */
export const eventsOfPage = ({ delivered }: DeliveredPage): readonly TracedEvent[] =>
  sorted(delivered.map(tracedAs));

const sorted = (events: readonly Omit<TracedEvent, 'key'>[]): readonly TracedEvent[] =>
  events
    .map((each, index) => ({ ...each, key: `${index}` }))
    .sort((a, b) => (b.time ?? '').localeCompare(a.time ?? ''));

const tracedAs = ({ outcome, deliveredAt, batch, ...each }: DeliveredPage['delivered'][number]) => ({
  ...{ ...each, at: deliveredAt, detail: `Batch ${batch}` },
  ...deliveredAs(outcome),
});

const isNotIn = (deadLetters: readonly DeadEvent[]) => {
  const ids = new Set(deadLetters.map(({ id }) => id));
  return ({ outcome, id }: DeliveredEvent) => !(outcome.startsWith('dead letter') && ids.has(id));
};

function pendingOf({ batch, attempts, nextAttempt, beingDelivered, receivedAt }: PendingEvent) {
  const tried = attempts === 0 ? 'not attempted yet, received' : `${attempts} attempts, next`;
  const at = attempts === 0 ? receivedAt : nextAttempt;
  const detail = `Batch ${batch}, ${beingDelivered ? 'being delivered, received' : tried}`;
  return {
    ...{ kind: 'pending' as const, state: 'Pending' },
    ...{ detail, at: beingDelivered ? receivedAt : at },
  };
}

/** An outcome such as `skipped: no_external_user_id`. What Mixpanel refused of the sent ones is a dead letter, too. */
function deliveredAs(outcome: string): Pick<TracedEvent, 'kind' | 'state'> {
  const state = outcome.charAt(0).toUpperCase() + outcome.slice(1);
  if (outcome === 'sent') return { kind: 'sent', state };
  if (outcome.startsWith('held')) return { kind: 'pending', state };
  return { kind: outcome.startsWith('dead letter') ? 'dead' : 'skipped', state };
}
