import { mapEvent, parseMappingOptions, secondsOf } from '@braze-mixpanel/core/mapping';
import type { BodyPage, DeadLetterStore, DeliveredBatch, Journal } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { type CohortApi, cohortVerbs } from '../cohorts/index.ts';
import { splitBody } from '../events/body/split-user.ts';
import { storedBodies } from '../events/body/stored-body.ts';
import { explain, explanationSchema } from '../events/dead-letters/explain.ts';
import { isEarly } from '../events/delivery/hold-events.ts';
import { StoredUser } from './stored-user.ts';

const eventShape = {
  id: z.string().nullable().describe('Currents ID.'),
  eventType: z.string().nullable(),
  time: z.string().nullable().describe("The event's own time."),
};
const connectionSchema = z.object({
  pending: z
    .array(
      z.object({
        ...eventShape,
        batch: z.int(),
        receivedAt: z.string(),
        attempts: z.int(),
        nextAttempt: z.string().nullable(),
        beingDelivered: z.boolean(),
      }),
    )
    .describe('Pending events.'),
  deadLetters: z.array(
    z.object({
      ...eventShape,
      deadLetter: z.int(),
      diedAt: z.string(),
      reason: z.string(),
      detail: z.string(),
      explanation: explanationSchema.nullable(),
    }),
  ),
  delivered: z
    .array(z.object({ ...eventShape, batch: z.int(), deliveredAt: z.string(), outcome: z.string() }))
    .nullable()
    .describe('Delivered or skipped events; `null` where bodies are not kept after their delivery.'),
});

/** The state of one user's events and memberships in storage, with reasons. Times are ISO 8601. */
export const traceSchema = z.object({
  connections: z.record(z.string(), connectionSchema),
  cohorts: cohortVerbs.trace.result,
  unindexed: z
    .int()
    .describe(
      'Kept batches that no index covers and that were read one by one, most of them from before the index: they make the trace slower, not less complete.',
    ),
  complete: z
    .boolean()
    .describe('Whether everything was searched; `false` where a list reached its maximum.'),
});
export type Trace = z.output<typeof traceSchema>;

export interface TraceOptions {
  readonly journal: Pick<Journal, 'counts' | 'pending' | 'delivered'>;
  readonly deadLetters: Pick<DeadLetterStore, 'list'>;
  readonly cohorts: Pick<CohortApi, 'trace'>;
  /** Whether delivered events are stored. */
  readonly keepsDelivered: boolean;
}

/** Maximum of events in one list. */
const most = 200;
const lettersAtOnce = 20;
/** Outcome of an event in the batch that it was received in, before its time had come. */
const held = 'held until its time';

export async function trace(externalId: string, options: TraceOptions): Promise<Trace> {
  const { journal, deadLetters, keepsDelivered } = options;
  const user = new StoredUser(externalId);
  const connections: Trace['connections'] = {};
  let complete = true;
  let unindexed = 0;
  const bounded = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
    const list: Item[] = [];
    for await (const item of items) {
      list.push(item);
      if (list.length < most) continue;
      complete = false;
      break;
    }
    return list;
  };
  for (const connection of Object.keys(await journal.counts())) {
    const delivered = await bounded(
      deliveredOf(connection, user, journal, () => {
        unindexed += 1;
      }),
    );
    const pending = await bounded(pendingOf(connection, user, journal));
    connections[connection] = {
      pending,
      deadLetters: await bounded(lettersOf(connection, user, deadLetters)),
      delivered: keepsDelivered || delivered.length > 0 ? settleHeld(delivered, pending) : null,
    };
  }
  return { connections, cohorts: await options.cohorts.trace(externalId), unindexed, complete };
}

/**
 * Each held event once: as held while it waits, and as sent after that. Whether the time of an event had come at its
 * delivery is not known under a simulated clock, which storage does not follow.
 */
function settleHeld<Event extends { readonly id: string | null; readonly outcome: string }>(
  delivered: readonly Event[],
  pending: readonly { readonly id: string | null }[],
): Event[] {
  const waiting = new Set(pending.map(({ id }) => id));
  const newest = new Map(delivered.map(event => [event.id, event]));
  return delivered
    .filter(event => event.outcome !== held || event.id === null || newest.get(event.id) === event)
    .map(event =>
      event.outcome === held && event.id !== null && !waiting.has(event.id)
        ? { ...event, outcome: 'sent' }
        : event,
    );
}

async function* pendingOf(connection: string, user: StoredUser, journal: TraceOptions['journal']) {
  for await (const batch of storedBodies(page => journal.pending(page), connection)) {
    for (const { event } of eventsOf(batch.body, user))
      yield {
        ...traced(event),
        ...{ batch: batch.id, receivedAt: iso(batch.receivedAt), attempts: batch.attempts },
        nextAttempt: batch.notBefore === undefined ? null : iso(batch.notBefore),
        beingDelivered: batch.leased,
      };
  }
}

/** Delivered events of the user. The index names batches by a digest, so their bodies are searched. */
async function* deliveredOf(
  connection: string,
  user: StoredUser,
  journal: TraceOptions['journal'],
  onUnindexed: () => void,
) {
  const read = (page: BodyPage) => journal.delivered({ ...page, users: user.indexed });
  for await (const batch of storedBodies(read, connection)) {
    if (!batch.indexed) onUnindexed();
    for (const { event } of splitBody(batch.body, user)?.theirs ?? []) {
      if (!user.isNamedIn(event)) continue;
      const { id, deliveredAt } = batch;
      yield { ...traced(event), batch: id, deliveredAt: iso(deliveredAt), outcome: outcomeOf(event, batch) };
    }
  }
}

/** The mapping's outcome of a delivered event. A dead letter tells whether Mixpanel refused it. */
function outcomeOf(event: unknown, { profile, deliveredAt }: DeliveredBatch): string {
  const result = mapEvent(event, parseMappingOptions(profile), deliveredAt);
  if (result.outcome === 'mapped') return isEarly(result.time, deliveredAt) ? held : 'sent';
  return result.outcome === 'skipped' ? `skipped: ${result.reason}` : `dead letter: ${result.reason}`;
}

async function* lettersOf(connection: string, user: StoredUser, store: TraceOptions['deadLetters']) {
  let before: number | undefined;
  for (;;) {
    const page = await store.list({
      connection,
      limit: lettersAtOnce,
      ...(before !== undefined && { before }),
    });
    for (const { id, original, reason, detail, diedAt } of page) {
      const event: unknown = JSON.parse(original);
      if (!user.isIn(original, event)) continue;
      const explanation = explain(reason) ?? null;
      yield { ...traced(event), deadLetter: id, diedAt: iso(diedAt), reason, detail, explanation };
    }
    const last = page.at(-1);
    if (last === undefined) return;
    before = last.id;
  }
}

/**
 * Events of the user in a body. Identifiers outside events have an entry as well, without ID, type and time.
 */
function eventsOf(body: Uint8Array, user: StoredUser): { event: unknown }[] {
  const { theirs = [], beside = false } = splitBody(body, user) ?? {};
  return beside ? [...theirs, { event: undefined }] : theirs;
}

function traced(event: unknown) {
  const {
    id,
    event_type: type,
    time,
  } = (typeof event === 'object' && event !== null ? event : {}) as {
    id?: unknown;
    event_type?: unknown;
    time?: unknown;
  };
  const seconds = secondsOf(time);
  return {
    id: typeof id === 'string' ? id : null,
    eventType: typeof type === 'string' ? type : null,
    time: seconds === undefined ? null : iso(seconds * 1_000),
  };
}

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
