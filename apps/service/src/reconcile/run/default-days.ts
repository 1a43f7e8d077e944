import type { Journal } from '@braze-mixpanel/storage';
import { backfillQueue } from '../../backfill/backfill-queue.ts';
import { dayOf } from '../exports.ts';

const dayMs = 86_400_000;
/** Days of which all counts have arrived: Braze and the raw export may lack events of the last two days. */
const usual = { first: 9, last: 3 };

/** Days of a report, `YYYY-MM-DD` in UTC, both inclusive. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/**
 * The days that a report has by default: the seven newest ones of which all counts have arrived. A service without
 * events of these, such as one that began today, has the days from its first event to its last one, today included.
 *
 * @param connections names
 * @param now milliseconds since 1970
 */
export async function defaultDays(
  connections: readonly string[],
  journal: Pick<Journal, 'dayCounts'>,
  now: number,
): Promise<Days> {
  const daysAgo = (days: number) => dayOf(now - days * dayMs);
  const arrived = { from: daysAgo(usual.first), to: daysAgo(usual.last) };
  const days: string[] = [];
  for (const connection of connections.flatMap(name => [name, backfillQueue(name)]))
    for (const { day } of await journal.dayCounts({ connection, from: arrived.from, to: daysAgo(0) }))
      days.push(day);
  const [from, to] = [days.toSorted().at(0), days.toSorted().at(-1)];
  return from === undefined || to === undefined || from <= arrived.to ? arrived : { from, to };
}
