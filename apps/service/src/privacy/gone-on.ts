import { insertIdOf } from '@braze-mixpanel/core/mixpanel';
import type { DeadLetterStore, Journal } from '@braze-mixpanel/storage';
import { storedBodies } from '../events/body/stored-body.ts';
import { type DeliveredEvent, deliveredIn } from './delivered-events.ts';
import type { Fact } from './event-state.ts';
import { lettersOf, pendingOf } from './stored-facts.ts';
import type { StoredUser } from './stored-user.ts';

/** Kept events of the user that are read after an event to find its next copy. */
const mostRead = 2_000;

interface Stores {
  readonly journal: Pick<Journal, 'pending' | 'delivered'>;
  readonly deadLetters: Pick<DeadLetterStore, 'list'>;
  readonly now: () => number;
}

/**
 * The events of a page without those that are elsewhere in the trace: dead letters, events that wait again, and events
 * whose next copy is on a page before. Only events that ended as a dead letter, or were held, are looked for.
 */
export async function withoutGoneOn<Each extends DeliveredEvent>(
  events: readonly Each[],
  user: StoredUser,
  stores: Stores,
): Promise<readonly Each[]> {
  const found = new Set<Each>();
  for (const [connection, each] of Map.groupBy(
    events.filter(({ goesOn }) => goesOn),
    event => event.connection,
  ))
    for (const event of await goneOn(connection, each, user, stores)) found.add(event);
  return events.filter(event => !found.has(event));
}

async function goneOn<Each extends DeliveredEvent>(
  connection: string,
  events: readonly Each[],
  user: StoredUser,
  stores: Stores,
): Promise<readonly Each[]> {
  const { journal, deadLetters } = stores;
  const waiting = await keysOf(pendingOf(connection, user, stores));
  const withoutId = events.some(({ entry }) => !entry.id);
  const letters = withoutId ? await keysOf(lettersOf(connection, user, deadLetters)) : undefined;
  const hasLetter = async ({ key, entry: { id } }: Each) =>
    id
      ? (await deadLetters.list({ connection, insertId: insertIdOf(id), limit: 1 })).length > 0
      : letters?.has(key) === true;
  const newer = await newerCopies(connection, events, user, journal);
  const found: Each[] = [];
  for (const event of events)
    if (waiting.has(event.key) || newer.has(event.key) || (await hasLetter(event))) found.push(event);
  return found;
}

/** Keys of kept copies that are newer than the oldest of the events; those of the events themselves do not count. */
async function newerCopies(
  connection: string,
  events: readonly DeliveredEvent[],
  user: StoredUser,
  journal: Stores['journal'],
): Promise<ReadonlySet<string>> {
  const latest = new Map(events.map(({ key, batch }) => [key, batch]));
  const newer = new Set<string>();
  let read = 0;
  const first = events.reduce((least, { batch }) => Math.min(least, batch), Number.MAX_SAFE_INTEGER);
  const from = (page: { connection: string; after: number; limit: number }) =>
    journal.delivered({ ...page, after: Math.max(page.after, first), users: user.indexed });
  for await (const batch of storedBodies(from, connection)) {
    for (const { key } of deliveredIn(batch, user)) {
      if (batch.id > (latest.get(key) ?? Number.POSITIVE_INFINITY)) newer.add(key);
      read += 1;
    }
    if (read >= mostRead) break;
  }
  return newer;
}

async function keysOf(facts: AsyncIterable<Fact>): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for await (const { key } of facts) keys.add(key);
  return keys;
}
