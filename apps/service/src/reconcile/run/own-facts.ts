import type { DayOutcome, Journal } from '@braze-mixpanel/storage';
import { backfillQueue } from '../../backfill/backfill-queue.ts';
import type { OwnFacts } from '../explain/facts.ts';
import { keyOf } from './mixpanel-facts.ts';

type Mutable = { -readonly [Key in keyof OwnFacts]: OwnFacts[Key] } & {
  skipped: Record<string, number>;
  dead: Record<string, number>;
};

/** Of a day and event that the service has not counted. */
export const noOwnFacts = (): Mutable => ({
  ...{ imported: 0, skipped: {}, dead: {}, backfilled: 0, late: 0, again: 0, removed: 0, companyShift: 0 },
});

/** What the service counted of a connection's events, of Currents and of back-fills, by {@link keyOf}. */
export async function ownFacts(
  journal: Pick<Journal, 'dayCounts' | 'dayOutcomes'>,
  connection: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<Map<string, OwnFacts>> {
  const facts = new Map<string, Mutable>();
  const at = (day: string, event: string): Mutable => {
    const key = keyOf(day, event);
    const known = facts.get(key) ?? noOwnFacts();
    facts.set(key, known);
    return known;
  };
  for (const queue of [connection, backfillQueue(connection)]) {
    const request = { connection: queue, from, to };
    const isBackfill = queue !== connection;
    for (const { day, event, count } of await journal.dayCounts(request)) {
      const own = at(day, event);
      own.imported += count;
      if (isBackfill) own.backfilled += count;
    }
    for (const outcome of await journal.dayOutcomes({
      ...request,
      from: dayBefore(from),
      to: dayAfter(to),
    })) {
      const { day, event, kind, count } = outcome;
      if (day >= from && day <= to) add(at(day, event), outcome, isBackfill);
      if (kind === 'day_before' || kind === 'day_after') {
        const other = kind === 'day_before' ? dayBefore(day) : dayAfter(day);
        if (other >= from && other <= to) at(other, event).companyShift += count;
      }
    }
  }
  return facts;
}

/** A sum over all days, by name. */
export function totalsByName(
  facts: ReadonlyMap<string, OwnFacts>,
  numberOf: (own: OwnFacts) => number,
): Map<string, number> {
  const totals = new Map<string, number>();
  for (const [key, own] of facts) {
    const event = key.slice('YYYY-MM-DD '.length);
    totals.set(event, (totals.get(event) ?? 0) + numberOf(own));
  }
  return totals;
}

/** A sum over the facts of connections, by {@link keyOf}: of their imported events by default. */
export async function totalsBy(
  connections: readonly string[],
  journal: Pick<Journal, 'dayCounts' | 'dayOutcomes'>,
  range: { readonly from: string; readonly to: string },
  numberOf: (own: OwnFacts) => number = ({ imported }) => imported,
): Promise<Map<string, number>> {
  const totals = new Map<string, number>();
  for (const connection of connections)
    for (const [key, own] of await ownFacts(journal, connection, range))
      totals.set(key, (totals.get(key) ?? 0) + numberOf(own));
  return totals;
}

function add(own: Mutable, { kind, reason, count }: DayOutcome, isBackfill: boolean): void {
  switch (kind) {
    case 'skipped':
      own.skipped[reason] = (own.skipped[reason] ?? 0) + count;
      // The counts by day have events of shadow mode too: they would have been delivered.
      if (reason === 'shadow') own.imported -= count;
      else if (isBackfill) own.backfilled += count;
      break;
    case 'dead':
      own.dead[reason] = (own.dead[reason] ?? 0) + count;
      if (isBackfill) own.backfilled += count;
      break;
    case 'late':
      own.late += count;
      break;
    case 'removed':
      own.removed += count;
      break;
    case 'skipped_again':
    case 'dead_again':
      own.again += count;
      break;
    case 'day_before':
    case 'day_after':
      own.companyShift -= count;
  }
}

const dayMs = 86_400_000;
const shifted = (day: string, by: number) =>
  new Date(Date.parse(day) + by * dayMs).toISOString().slice(0, 10);
const dayBefore = (day: string): string => shifted(day, -1);
export const dayAfter = (day: string): string => shifted(day, 1);

/** Both inclusive. */
export function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  for (let day = from; day <= to; day = dayAfter(day)) days.push(day);
  return days;
}
