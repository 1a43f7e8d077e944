import type { DeadLetterStore, Journal } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { type CohortApi, cohortVerbs } from '../cohorts/index.ts';
import { splitBody } from '../events/body/split-user.ts';
import { storedBodies } from '../events/body/stored-body.ts';
import { explain, explanationSchema } from '../events/dead-letters/explain.ts';
import {
  type DeliveredEvents,
  type DeliveredOptions,
  deliveredEventSchema,
  deliveredEvents,
  held,
} from './delivered-events.ts';
import { eventShape, isoTime, storedEvent } from './stored-event.ts';
import { StoredUser } from './stored-user.ts';
import type { Tombstones } from './tombstones.ts';

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
    .array(deliveredEventSchema)
    .nullable()
    .describe(
      'Delivered or skipped events, newest first; `null` where bodies are not kept after their delivery.',
    ),
});

/** The state of one user's events and memberships in storage, with reasons. Times are ISO 8601. */
export const traceSchema = z.object({
  connections: z.record(z.string(), connectionSchema),
  cohorts: cohortVerbs.trace.result,
  older: z
    .string()
    .nullable()
    .describe(
      'Cursor of the next page of delivered events, `before` of the next request; `null` at the end.',
    ),
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

/** One page of a user's delivered events, newest first. */
export const deliveredPageSchema = z.object({
  delivered: z.array(deliveredEventSchema.extend({ connection: z.string() })),
  kept: z
    .boolean()
    .describe(
      'Whether bodies are kept after their delivery; otherwise `delivered` has what is left of former ones.',
    ),
  older: traceSchema.shape.older,
  unindexed: traceSchema.shape.unindexed,
});
export type DeliveredPage = z.output<typeof deliveredPageSchema>;

export interface TraceOptions {
  readonly journal: Pick<Journal, 'counts' | 'pending' | 'delivered'>;
  readonly deadLetters: Pick<DeadLetterStore, 'list'>;
  readonly cohorts: Pick<CohortApi, 'trace'>;
  readonly deliveryNow: DeliveredOptions['deliveryNow'];
  readonly tombstones: Pick<Tombstones, 'receiptNumber' | 'isForgotten'>;
  /** Whether delivered events are stored. */
  readonly keepsDelivered: boolean;
}

/** Maximum of events in one list. */
export const mostTraced = 200;
const lettersAtOnce = 20;

/** @param limit maximum of delivered events */
export async function trace(
  externalId: string,
  options: TraceOptions,
  limit: number = mostTraced,
): Promise<Trace> {
  const { journal, deadLetters, keepsDelivered } = options;
  const user = new StoredUser(externalId);
  const names = Object.keys(await journal.counts());
  const page = await deliveredEvents(user, names, options, { limit, before: undefined });
  const events = Map.groupBy(
    await settleHeld(page.events, user, journal, await afterHeld(externalId, options.tombstones)),
    each => each.connection,
  );
  const connections: Trace['connections'] = {};
  let complete = page.older === null;
  const bounded = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
    const list: Item[] = [];
    for await (const item of items) {
      list.push(item);
      if (list.length < mostTraced) continue;
      complete = false;
      break;
    }
    return list;
  };
  for (const connection of names) {
    const delivered = events.get(connection)?.map(({ event }) => event);
    connections[connection] = {
      pending: await bounded(pendingOf(connection, user, journal)),
      deadLetters: await bounded(lettersOf(connection, user, deadLetters)),
      delivered: delivered ?? (keepsDelivered ? [] : null),
    };
  }
  const { older, unindexed } = page;
  return { connections, cohorts: await options.cohorts.trace(externalId), older, unindexed, complete };
}

/** The delivered events alone, which an index finds: the newest, or those before a cursor. */
export async function traceDelivered(
  externalId: string,
  options: Pick<TraceOptions, 'journal' | 'keepsDelivered' | 'deliveryNow' | 'tombstones'>,
  { before, limit }: { readonly before?: string | undefined; readonly limit: number },
): Promise<DeliveredPage> {
  const { journal, keepsDelivered } = options;
  const user = new StoredUser(externalId);
  const names = Object.keys(await journal.counts());
  const { events, older, unindexed } = await deliveredEvents(user, names, options, { limit, before });
  const outcome = await afterHeld(externalId, options.tombstones);
  const delivered = (await settleHeld(events, user, journal, outcome)).map(({ connection, event }) => ({
    ...{ ...event, connection },
  }));
  return { delivered, kept: keepsDelivered, older, unindexed };
}

/** Outcome of a held event that waits no more. An interrupted removal may have left its first batch only. */
const afterHeld = async (externalId: string, tombstones: TraceOptions['tombstones']): Promise<string> =>
  (await tombstones.isForgotten(await tombstones.receiptNumber(externalId)))
    ? 'held; whether it was sent or removed is not known'
    : 'sent';

/**
 * Each held event of a page once: as held while it waits, and with `outcome` after that. Whether the time of an event had come
 * at its delivery is not known under a simulated clock, which storage does not follow.
 */
async function settleHeld<Each extends DeliveredEvents['events'][number]>(
  events: readonly Each[],
  user: StoredUser,
  journal: TraceOptions['journal'],
  outcome: string,
): Promise<readonly Each[]> {
  const isHeld = ({ event }: Each) => event.outcome === held && event.id !== null;
  const waiting = new Map<string, Set<string | null>>();
  for (const { connection } of events.filter(isHeld)) {
    if (waiting.has(connection)) continue;
    const ids = new Set<string | null>();
    for await (const { id } of pendingOf(connection, user, journal)) ids.add(id);
    waiting.set(connection, ids);
  }
  // The first of an event is its newest.
  const newest = new Map(events.toReversed().map(each => [each.event.id, each]));
  return events
    .filter(each => !isHeld(each) || newest.get(each.event.id) === each)
    .map(each =>
      isHeld(each) && !waiting.get(each.connection)?.has(each.event.id)
        ? { ...each, event: { ...each.event, outcome } }
        : each,
    );
}

async function* pendingOf(connection: string, user: StoredUser, journal: TraceOptions['journal']) {
  for await (const batch of storedBodies(page => journal.pending(page), connection)) {
    for (const { event } of eventsOf(batch.body, user))
      yield {
        ...storedEvent(event),
        ...{ batch: batch.id, receivedAt: isoTime(batch.receivedAt), attempts: batch.attempts },
        nextAttempt: batch.notBefore === undefined ? null : isoTime(batch.notBefore),
        beingDelivered: batch.leased,
      };
  }
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
      if (!user.mayBeIn(original)) continue;
      const event: unknown = JSON.parse(original);
      if (!user.isIn(original, event)) continue;
      const explanation = explain(reason) ?? null;
      yield { ...storedEvent(event), deadLetter: id, diedAt: isoTime(diedAt), reason, detail, explanation };
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
