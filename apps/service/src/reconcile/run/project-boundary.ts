import type { DayCount } from '@braze-mixpanel/storage';
import { findOffset, offsetsText } from '../explain/find-offset.ts';
import type { ExportCount } from '../export-tally.ts';
import type { QuarterCounts } from '../quarter-counts.ts';
import { moved, projectOffsets, type Span, utcDay } from './zone-facts.ts';
import { offsetsOfDays } from './zone-offsets.ts';

/** Events of the raw export by name and quarter of an hour, of whole UTC days. */
export interface BoundaryQuarters {
  /** Each once. */
  readonly unique: QuarterCounts;
  /** The further copies of these. */
  readonly copies: QuarterCounts;
}

/** Where the data show that a project has another time zone than that of the settings. */
export interface ProjectBoundary {
  /** The offset of the data, such as `UTC+05:30`. */
  readonly offset: string;
  /** What the raw export has of a day at that offset; `isPart` where it is not read to its end. */
  at(each: Pick<DayCount, 'day' | 'event'>): {
    readonly raw: number;
    readonly unique: number;
    readonly isPart: boolean;
  };
}

/**
 * The time zone of the project by delivered and exported events of some days, as a report of reconcile finds it;
 * `undefined` where the one of the settings is right, or the data do not show another one. Pure.
 *
 * @param days `YYYY-MM-DD`, of which each has ended
 */
export function projectBoundary(
  timeZone: string,
  days: readonly string[],
  delivered: readonly DayCount[],
  exported: readonly ExportCount[],
  { unique, copies }: BoundaryQuarters,
): ProjectBoundary | undefined {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const read: Span = { from: utcDay(first).from, to: utcDay(last).to };
  const on = (event: string, { from, to }: Span) => {
    const once = unique.between(event, from, to);
    const raw = once + copies.between(event, from, to);
    return { raw, unique: once, isPart: from < read.from || to > read.to };
  };
  const names = new Set([...delivered, ...exported].map(({ event }) => event));
  const bothSides = [...names].flatMap(event =>
    days.map(day => ({
      event,
      expected: delivered.find(each => each.day === day && each.event === event)?.count ?? 0,
      configured: on(event, utcDay(day)).raw,
      at(offset: number) {
        const { raw, isPart } = on(event, moved(utcDay(day), offset));
        return { events: raw, partly: isPart };
      },
    })),
  );
  const found = findOffset(bothSides, projectOffsets(timeZone, first));
  if (found === undefined) return undefined;
  const ranges = days.map(offsetsOfDays(timeZone, found, days));
  return {
    offset: offsetsText({
      first: ranges.reduce((least, { first }) => Math.min(least, first), Number.POSITIVE_INFINITY),
      last: ranges.reduce((most, { last }) => Math.max(most, last), Number.NEGATIVE_INFINITY),
    }),
    at: ({ day, event }) => on(event, moved(utcDay(day), found.offset)),
  };
}
