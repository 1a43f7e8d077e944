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

/**
 * By how many events the counts of an event and day moved between two readings. Waiting events count only where both
 * readings know them: otherwise all of them would seem to have come, or gone.
 */
export function movedBetween(before: OwnReading, after: OwnReading, day: string, event: string): number {
  const readings = [before, after].map(({ own, pending }) => ({
    known: own.get(keyOf(day, event)) ?? noOwnFacts(),
    waits: pending.of(day, event),
  }));
  const isKnown = readings.every(({ waits }) => !('notKnown' in waits));
  const [from, to] = readings.map(({ known, waits }) => {
    const waiting = isKnown && !('notKnown' in waits) ? waits.waiting + waits.held : 0;
    return { imported: known.imported, accepted: completedEvents(known) + waiting };
  });
  return Math.max(Math.abs(to!.imported - from!.imported), Math.abs(to!.accepted - from!.accepted));
}
