import type { Journal } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { deliveredOn } from '../backfill/delivered-on.ts';
import type { ConnectionConfig } from '../config/config.ts';
import { didYouMean } from '../config/near-miss.ts';
import { quoted } from '../config/values.ts';
import { CompareError } from './compare-error.ts';
import { compareDays, comparedDaySchema } from './difference.ts';
import { ExportTally } from './export-tally.ts';
import { dayOf, type Exports, namesOf } from './exports.ts';
import { QuarterCounts } from './quarter-counts.ts';
import { daysBetween } from './run/own-facts.ts';
import { pendingFacts } from './run/pending-facts.ts';
import { projectBoundary } from './run/project-boundary.ts';

export const comparisonSchema = z
  .object({
    connection: z.string(),
    from: z.string(),
    to: z.string(),
    /** Whether the connection is in shadow mode: `ours` are then events that would have been sent. */
    shadow: z.boolean(),
    /** `false` when there were more events than fit into memory: compare fewer days, or one event. */
    complete: z.boolean(),
    agrees: z.boolean(),
    /** Days that had not ended: their counts still move. */
    openDays: z.array(z.string()).readonly().default([]),
    /** Where the data show that MIXPANEL_PROJECT_TIMEZONE is wrong: its value, and the offset of the raw export. */
    timeZone: z.object({ set: z.string(), found: z.string() }).readonly().optional(),
    days: z.array(comparedDaySchema).readonly(),
  })
  .readonly();

export type Comparison = z.output<typeof comparisonSchema>;

export interface CompareRequest {
  /** `YYYY-MM-DD` in UTC, both inclusive. */
  readonly from: string;
  readonly to: string;
  /** Only this event. */
  readonly event?: string | undefined;
}

export interface CompareOptions {
  readonly journal: Pick<Journal, 'dayCounts' | 'pending'>;
  readonly exports: Pick<Exports, 'read'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Counts of our journal, back-filled events among them, and of Mixpanel's raw export, per event and UTC day.
 * Events are delivered while the export is read, so ours are counted before and after it.
 *
 * @throws CompareError
 */
export async function compare(
  connection: ConnectionConfig,
  { from, to, event }: CompareRequest,
  { journal, exports, now }: CompareOptions,
): Promise<Comparison> {
  const { name, currents } = connection;
  const { counts: all } = await deliveredOn(journal, name, [from, to]);
  const ours = event === undefined ? all : all.filter(each => each.event === event);
  const known = namesOf(
    connection,
    all.map(each => each.event),
  );
  if (event !== undefined && !known.includes(event))
    throw new CompareError('compare_unknown_event', `Got ${quoted(event)}.${didYouMean(event, known)}`);
  const names = event === undefined ? known : [event];
  const tally = new ExportTally();
  const quarters = { unique: new QuarterCounts(), copies: new QuarterCounts() };
  await exports.read(connection, { from, to, names, days: 'exact' }, exported => {
    const isNew = tally.add(exported);
    (isNew ? quarters.unique : quarters.copies).add(exported.event, exported.time);
  });
  // First those that are not completed: one that is completed in between counts twice, and none is missing.
  const pending = await pendingFacts(connection, journal, now());
  const after = await deliveredOn(journal, name, [from, to]);
  const today = dayOf(now());
  const ended = daysBetween(from, to).filter(day => day < today);
  const { timeZone } = connection.mixpanel;
  const boundary = projectBoundary(timeZone, ended, ours, tally.counts(), quarters);
  const days = compareDays(ours, tally.counts(), {
    boundary,
    ...{ shadow: currents.shadow, now: now() },
    most: each => {
      const waits = pending.of(each.day, each.event);
      return after.of(each) + ('notKnown' in waits ? Number.POSITIVE_INFINITY : waits.waiting);
    },
  });
  return {
    ...{ connection: name, from, to, shadow: currents.shadow },
    ...{ complete: tally.complete, agrees: days.every(each => each.agrees) },
    ...{ openDays: from <= today && today <= to ? [today] : [], days },
    ...(boundary !== undefined && { timeZone: { set: timeZone, found: boundary.offset } }),
  };
}
