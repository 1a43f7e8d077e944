import type { Journal } from '@braze-mixpanel/storage';
import type { ConnectionConfig } from '../../config/config.ts';
import { completedEvents, type OwnFacts } from '../explain/facts.ts';
import { keyOf } from './mixpanel-facts.ts';
import { noOwnFacts, ownFacts } from './own-facts.ts';
import { type PendingReading, pendingFacts } from './pending-facts.ts';

/** What the service has of a connection's events at about one moment. */
export interface OwnReading {
  /** By {@link keyOf}. */
  readonly own: ReadonlyMap<string, OwnFacts>;
  readonly pending: PendingReading;
}

/** @param now milliseconds since 1970 */
export async function readOwn(
  connection: ConnectionConfig,
  range: { readonly from: string; readonly to: string },
  journal: Pick<Journal, 'dayCounts' | 'dayOutcomes' | 'pending'>,
  now: number,
): Promise<OwnReading> {
  const pending = await pendingFacts(connection, journal, now);
  return { own: await ownFacts(journal, connection.name, range), pending };
}

/** By how many events the counts of an event and day moved between two readings. */
export function movedBetween(before: OwnReading, after: OwnReading, day: string, event: string): number {
  const [from, to] = [before, after].map(({ own, pending }) => {
    const known = own.get(keyOf(day, event)) ?? noOwnFacts();
    const waits = pending.of(day, event);
    const waiting = 'notKnown' in waits ? 0 : waits.waiting + waits.held;
    return { imported: known.imported, accepted: completedEvents(known) + waiting };
  });
  return Math.max(Math.abs(to!.imported - from!.imported), Math.abs(to!.accepted - from!.accepted));
}
