import { mapEvent, parseMappingOptions } from '@braze-mixpanel/core/mapping';
import type { DeliveredBatch, Journal, NewestPage } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { splitBody } from '../events/body/split-user.ts';
import { newestBodies } from '../events/body/stored-body.ts';
import { isEarly } from '../events/delivery/hold-events.ts';
import { eventShape, isoTime, storedEvent } from './stored-event.ts';
import type { StoredUser } from './stored-user.ts';

export const deliveredEventSchema = z.object({
  ...eventShape,
  batch: z.int(),
  deliveredAt: z.string(),
  outcome: z.string(),
});
type DeliveredEvent = z.output<typeof deliveredEventSchema>;

/** A cursor: the batch of an event, and its index in the batch. */
export const cursorSchema = z
  .string()
  .regex(/^\d{1,15}-\d{1,10}$/, { error: 'must be the `older` of the page before, such as 1234-56' });

/** Outcome of an event in the batch that it was received in, before its time had come. */
export const held = 'held until its time';

export interface DeliveredEvents {
  /** The newest first, by batch; each with its connection. */
  readonly events: readonly { readonly connection: string; readonly event: DeliveredEvent }[];
  /** Cursor of the next page; `null` where this is the last one. */
  readonly older: string | null;
  /** Batches without an index that were read. */
  readonly unindexed: number;
}

export interface DeliveredOptions {
  readonly journal: Pick<Journal, 'delivered'>;
  /** Milliseconds since 1970, by the clock of the delivery. */
  readonly deliveryNow: () => number;
}

/** One page of a user's delivered events, of all connections together. */
export async function deliveredEvents(
  user: StoredUser,
  connections: readonly string[],
  { journal, deliveryNow }: DeliveredOptions,
  { limit, before }: { readonly limit: number; readonly before: string | undefined },
): Promise<DeliveredEvents> {
  const from = before === undefined ? undefined : placeOf(before);
  let unindexed = 0;
  const found: Found[] = [];
  for (const connection of connections) {
    const events = newestOf(connection, user, { journal, deliveryNow }, from, () => {
      unindexed += 1;
    });
    let count = 0;
    for await (const each of events) {
      found.push(each);
      // One more than the page tells that there is another page.
      if (++count > limit) break;
    }
  }
  found.sort((a, b) => b.batch - a.batch || b.index - a.index);
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return { events: page, older: last ? `${last.batch}-${last.index}` : null, unindexed };
}

interface Place {
  readonly batch: number;
  readonly index: number;
}

interface Found extends Place {
  readonly connection: string;
  readonly event: DeliveredEvent;
}

function placeOf(cursor: string): Place {
  const [batch = 0, index = 0] = cursor.split('-').map(Number);
  return { batch, index };
}

/** The index names batches by a digest, so their bodies are searched. */
async function* newestOf(
  connection: string,
  user: StoredUser,
  { journal, deliveryNow }: DeliveredOptions,
  from: Place | undefined,
  onUnindexed: () => void,
): AsyncGenerator<Found> {
  const read = (page: NewestPage) => journal.delivered({ ...page, users: user.indexed });
  const before = from === undefined ? Number.MAX_SAFE_INTEGER : from.batch + 1;
  for await (const batch of newestBodies(read, connection, before)) {
    if (!batch.indexed) onUnindexed();
    for (const { index, event } of (splitBody(batch.body, user)?.theirs ?? []).toReversed()) {
      if (!user.isNamedIn(event) || (batch.id === from?.batch && index >= from.index)) continue;
      yield { connection, batch: batch.id, index, event: deliveredEvent(event, batch, deliveryNow()) };
    }
  }
}

const deliveredEvent = (event: unknown, batch: DeliveredBatch, now: number): DeliveredEvent => ({
  ...{ ...storedEvent(event), batch: batch.id, deliveredAt: isoTime(batch.deliveredAt) },
  outcome: outcomeOf(event, batch.profile, deliveryTime(batch, now)),
});

/**
 * When a batch was delivered by the service's clock. Storage records the machine's time; a simulated clock may
 * differ, but the delivery was after the reception and before now.
 */
const deliveryTime = ({ receivedAt, deliveredAt }: DeliveredBatch, now: number): number =>
  Math.max(receivedAt, Math.min(deliveredAt, now));

/** The mapping's outcome of a delivered event. A dead letter tells whether Mixpanel refused it. */
function outcomeOf(event: unknown, profile: string, deliveredAt: number): string {
  const result = mapEvent(event, parseMappingOptions(profile), deliveredAt);
  if (result.outcome === 'mapped') return isEarly(result.time, deliveredAt) ? held : 'sent';
  return result.outcome === 'skipped' ? `skipped: ${result.reason}` : `dead letter: ${result.reason}`;
}
