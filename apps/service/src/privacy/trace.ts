import type { DeadLetterStore, Journal, Receipts } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { type CohortApi, cohortVerbs } from '../cohorts/index.ts';
import { type DeliveredEvent, deliveredEventSchema, deliveredEvents } from './delivered-events.ts';
import { eachOnce, type Fact } from './event-state.ts';
import { withoutGoneOn } from './gone-on.ts';
import { forgottenAt } from './receipts.ts';
import {
  deadLetterSchema,
  type LetterFact,
  lettersOf,
  type PendingFact,
  pendingEventSchema,
  pendingOf,
} from './stored-facts.ts';
import { StoredUser } from './stored-user.ts';
import type { Tombstones } from './tombstones.ts';

/** An event is in one of the lists, once. */
const connectionSchema = z.object({
  pending: z.array(pendingEventSchema).describe('Events that wait.'),
  deadLetters: z.array(deadLetterSchema),
  delivered: z
    .array(deliveredEventSchema)
    .nullable()
    .describe(
      'Events that neither wait nor have a dead letter, newest first, each with its state; `null` where bodies are not kept after their delivery.',
    ),
});

/** The state of one user's events and memberships in storage, with reasons. Times are ISO 8601. */
export const traceSchema = z.object({
  connections: z.record(z.string(), connectionSchema),
  cohorts: cohortVerbs.trace.result,
  forgotten: z
    .object({
      at: z
        .string()
        .nullable()
        .describe(
          'Time of the newest `forget`; `null` where only a version without receipts forgot the user.',
        ),
      receipt: z.string().describe('Number of the receipt.'),
    })
    .nullable()
    .describe('Where a tombstone skips later events of the user; otherwise `null`.'),
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
  readonly tombstones: Pick<Tombstones, 'receiptNumber' | 'isForgotten'>;
  readonly receipts: Pick<Receipts, 'entries'>;
  /** The service's clock, milliseconds since 1970. */
  readonly now: () => number;
  /** Whether delivered events are stored. */
  readonly keepsDelivered: boolean;
}

/** Maximum of events in one list. */
export const mostTraced = 200;

/** @param limit maximum of delivered events */
export async function trace(
  externalId: string,
  options: TraceOptions,
  limit: number = mostTraced,
): Promise<Trace> {
  const { journal, deadLetters, keepsDelivered } = options;
  const user = new StoredUser(externalId);
  const names = Object.keys(await journal.counts());
  const page = await deliveredEvents(user, names, journal, { limit, before: undefined });
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
  let facts: readonly TracedFact[] = page.events;
  for (const connection of names)
    facts = [
      ...(await bounded(pendingOf(connection, user, options))),
      ...(await bounded(lettersOf(connection, user, deadLetters))),
      ...facts,
    ];
  const forgotten = await forgottenOf(externalId, options);
  const events = eachOnce(facts).map(ofForgotten(forgotten !== null));
  const delivered = await withoutGoneOn(events.filter(isDelivered), user, options);
  const connections: Trace['connections'] = {};
  for (const connection of names) {
    const here = <Each extends Fact>(list: readonly Each[]) =>
      list.filter(event => event.connection === connection);
    const kept = here(delivered).map(shown);
    connections[connection] = {
      pending: here(events.filter(isPending)).map(shown),
      deadLetters: here(events.filter(isLetter)).map(shown),
      delivered: kept.length === 0 && !keepsDelivered ? null : kept,
    };
  }
  const { older, unindexed } = page;
  const cohorts = await options.cohorts.trace(externalId);
  return { connections, cohorts, forgotten, older, unindexed, complete };
}

/** One page of `delivered`: the newest, or those before a cursor. */
export async function traceDelivered(
  externalId: string,
  options: Omit<TraceOptions, 'cohorts'>,
  { before, limit }: { readonly before?: string | undefined; readonly limit: number },
): Promise<DeliveredPage> {
  const user = new StoredUser(externalId);
  const names = Object.keys(await options.journal.counts());
  const page = await deliveredEvents(user, names, options.journal, { limit, before });
  const isForgotten = (await forgottenOf(externalId, options)) !== null;
  const events = eachOnce(page.events).map(ofForgotten(isForgotten));
  const delivered = (await withoutGoneOn(events, user, options)).map(event => ({
    ...{ ...shown(event), connection: event.connection },
  }));
  const { older, unindexed } = page;
  return { delivered, kept: options.keepsDelivered, older, unindexed };
}

type TracedFact = PendingFact | LetterFact | DeliveredEvent;

const isPending = <Each extends TracedFact>(fact: Each): fact is Extract<Each, { in: 'pending' }> =>
  fact.in === 'pending';
const isLetter = <Each extends TracedFact>(fact: Each): fact is Extract<Each, { in: 'deadLetters' }> =>
  fact.in === 'deadLetters';
const isDelivered = <Each extends TracedFact>(fact: Each): fact is Extract<Each, { in: 'delivered' }> =>
  fact.in === 'delivered';

async function forgottenOf(
  externalId: string,
  { tombstones, receipts }: Pick<TraceOptions, 'tombstones' | 'receipts'>,
): Promise<Trace['forgotten']> {
  const receipt = await tombstones.receiptNumber(externalId);
  return (await tombstones.isForgotten(receipt))
    ? { at: await forgottenAt(receipt, receipts), receipt }
    : null;
}

/** What waits of a forgotten user is removed, not sent. A held event that waits no more may have been removed. */
const ofForgotten =
  (isForgotten: boolean) =>
  <Each extends Fact>(event: Each): Each => {
    if (event.in === 'pending' && isForgotten) return { ...event, state: 'forgotten' };
    return event.in === 'delivered' && event.state === 'held' && isForgotten
      ? { ...event, state: 'forgotten' }
      : event;
  };

/** An event as the API has it. A held one that is nowhere else is not held any more. */
function shown<Entry, History>(event: Fact & { readonly entry: Entry; readonly history: History }) {
  const isOver = event.in === 'delivered' && event.state === 'held';
  const { entry, reason, history } = event;
  return { ...entry, state: isOver ? ('not_known' as const) : event.state, reason, history };
}
