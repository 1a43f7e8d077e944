import type { DayCount, Journal } from '@braze-mixpanel/storage';
import { backfillQueue } from './backfill-queue.ts';

/** What a connection has delivered on some days, of Currents and of back-fills. */
export interface DeliveredDays {
  /** One for each day and event. */
  readonly counts: readonly DayCount[];
  /** Events of a day under a name; 0 if there are none. */
  of(each: Pick<DayCount, 'day' | 'event'>): number;
}

/** @param days `YYYY-MM-DD`, in any order: all days from the first to the last one count */
export async function deliveredOn(
  journal: Pick<Journal, 'dayCounts'>,
  connection: string,
  days: readonly string[],
): Promise<DeliveredDays> {
  const sorted = days.toSorted();
  const [from, to] = [sorted[0], sorted.at(-1)];
  if (from === undefined || to === undefined) return deliveredDays([]);
  const queues = [connection, backfillQueue(connection)];
  const counts = queues.map(queue => journal.dayCounts({ connection: queue, from, to }));
  return deliveredDays((await Promise.all(counts)).flat());
}

/** @param given with any number of counts of a day and event */
export function deliveredDays(given: readonly DayCount[]): DeliveredDays {
  const byKey = new Map<string, DayCount>();
  for (const each of given) {
    const count = (byKey.get(keyOf(each))?.count ?? 0) + each.count;
    byKey.set(keyOf(each), { ...each, count });
  }
  return { counts: [...byKey.values()], of: each => byKey.get(keyOf(each))?.count ?? 0 };
}

const keyOf = ({ day, event }: Pick<DayCount, 'day' | 'event'>): string => `${day} ${event}`;

/** Events of all these days and names. */
export const sumOf = (counts: readonly Pick<DayCount, 'count'>[]): number =>
  counts.reduce((sum, { count }) => sum + count, 0);
