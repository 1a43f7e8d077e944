import { mapEvent } from '@braze-mixpanel/core/mapping';
import type { DeliveredBatch, Journal, NewestPage } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { splitBody } from '../events/body/split-user.ts';
import { newestBodies } from '../events/body/stored-body.ts';
import { type KeptOutcomes, keptOutcomeAt, readKeptOutcomes } from '../events/delivery/kept-outcomes.ts';
import { optionsOf } from '../events/delivery/map-rows.ts';
import { deadState, type Fact, keyOf, settledShape } from './event-state.ts';
import { eventShape, isoTime, storedEvent } from './stored-event.ts';
import type { StoredUser } from './stored-user.ts';

export const deliveredEventSchema = z.object({
  ...eventShape,
  ...settledShape,
  batch: z.int(),
  deliveredAt: z.string().describe('When its batch was completed.'),
});

/** A cursor: the batch of an event, and its index in the batch. */
export const cursorSchema = z
  .string()
  .regex(/^\d{1,15}-\d{1,10}$/, { error: 'must be the `older` of the page before, such as 1234-56' });

/** An event of a kept body. */
export interface DeliveredEvent extends Fact {
  readonly in: 'delivered';
  readonly batch: number;
  readonly index: number;
  readonly entry: Omit<z.output<typeof deliveredEventSchema>, 'state' | 'reason' | 'history'>;
}

export interface DeliveredEvents {
  /** The newest first, by batch. */
  readonly events: readonly DeliveredEvent[];
  /** Cursor of the next page; `null` where this is the last one. */
  readonly older: string | null;
  /** Batches without an index that were read. */
  readonly unindexed: number;
}

/** One page of a user's events in kept bodies, of all connections together. */
export async function deliveredEvents(
  user: StoredUser,
  connections: readonly string[],
  journal: Pick<Journal, 'delivered'>,
  { limit, before }: { readonly limit: number; readonly before: string | undefined },
): Promise<DeliveredEvents> {
  const from = before === undefined ? undefined : placeOf(before);
  let unindexed = 0;
  const found: DeliveredEvent[] = [];
  for (const connection of connections) {
    const events = newestOf(connection, user, journal, from, () => {
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

function placeOf(cursor: string): Place {
  const [batch = 0, index = 0] = cursor.split('-').map(Number);
  return { batch, index };
}

/** The index names batches by a digest, so their bodies are searched. */
async function* newestOf(
  connection: string,
  user: StoredUser,
  journal: Pick<Journal, 'delivered'>,
  from: Place | undefined,
  onUnindexed: () => void,
): AsyncGenerator<DeliveredEvent> {
  const read = (page: NewestPage) => journal.delivered({ ...page, users: user.indexed });
  const before = from === undefined ? Number.MAX_SAFE_INTEGER : from.batch + 1;
  for await (const batch of newestBodies(read, connection, before)) {
    if (!batch.indexed) onUnindexed();
    for (const each of deliveredIn(batch, user).toReversed())
      if (batch.id !== from?.batch || each.index < from.index) yield each;
  }
}

/** The user's events in a kept body, in its order. */
export function deliveredIn(batch: DeliveredBatch, user: StoredUser): DeliveredEvent[] {
  const outcomes = readKeptOutcomes(batch.outcomes, batch.events);
  return (splitBody(batch.body, user)?.theirs ?? [])
    .filter(({ event }) => user.isNamedIn(event))
    .map(({ index, event, text }) => {
      const entry = {
        ...{ ...storedEvent(event), batch: batch.id, deliveredAt: isoTime(batch.deliveredAt) },
      };
      return {
        ...{ connection: batch.connection, key: keyOf(entry.id, text), in: 'delivered', index, entry },
        ...{ at: batch.deliveredAt, batch: batch.id, deadLetter: null },
        ...stateOf(event, index, batch, outcomes),
      };
    });
}

/**
 * The stored outcome of an event. Of a body that an older version kept, only what the mapping says by itself is known:
 * whether Mixpanel accepted a mapped event is not.
 */
function stateOf(
  event: unknown,
  index: number,
  { profile, deliveredAt }: DeliveredBatch,
  outcomes: KeptOutcomes | undefined,
): Pick<Fact, 'state' | 'reason' | 'goesOn'> {
  if (outcomes === undefined) {
    const result = mapEvent(event, optionsOf(profile), deliveredAt);
    if (result.outcome === 'mapped') return { state: 'not_known', reason: null, goesOn: false };
    const isDead = result.outcome === 'dead';
    return { state: isDead ? 'invalid' : 'skipped', reason: result.reason, goesOn: isDead };
  }
  const { kind, reason } = keptOutcomeAt(outcomes, index);
  if (kind === 'dead') return { state: deadState(reason ?? ''), reason, goesOn: true };
  return { state: kind, reason, goesOn: kind === 'held' };
}
