import { createHash } from 'node:crypto';
import { pathFacts } from '@braze-mixpanel/currents-files';
import { z } from 'zod';

const hourMs = 3_600_000;

/**
 * How long after its own time an event may be queued for export. Devices report events late, when they are
 * online again.
 */
const mostLateMs = 7 * 24 * hourMs;

/** How long before its own time an event may be queued: devices have clocks that are ahead, or another time zone's. */
const mostAheadMs = 24 * hourMs;

/** Which events of the files are wanted. Times are in milliseconds since 1970. */
export const wantedSchema = z.strictObject({
  /** Time of the earliest wanted event. */
  from: z.int().optional(),
  /** Wanted events are earlier. */
  until: z.int().optional(),
  /** Event types. */
  events: z.array(z.string()).optional(),
});
export type Wanted = z.output<typeof wantedSchema>;

/**
 * Identifies the wanted events: a file that was read for some of its events is read again for others. Empty
 * where all events are wanted.
 */
export function scopeOf({ from, until, events }: Wanted): string {
  if (from === undefined && until === undefined && events === undefined) return '';
  const text = JSON.stringify([from ?? null, until ?? null, events ? [...events].sort() : null]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/**
 * Whether a file may hold wanted events, by its path. The hour in a path is that of queueing: events are up to a
 * day later than its end, and up to a week earlier.
 */
export function mayHoldWanted(path: string, { from, until, events }: Wanted): boolean {
  const { eventType, queuedHour } = pathFacts(path);
  if (eventType !== undefined && events?.includes(eventType) === false) return false;
  if (queuedHour === undefined) return true;
  if (from !== undefined && queuedHour + hourMs + mostAheadMs <= from) return false;
  return until === undefined || queuedHour - mostLateMs < until;
}

/** @param time seconds since 1970; `undefined` if it is not known, and then the event is wanted */
export function isWantedTime(time: number | undefined, { from, until }: Wanted): boolean {
  if (time === undefined) return true;
  return (from ?? 0) <= time * 1_000 && time * 1_000 < (until ?? Number.POSITIVE_INFINITY);
}

/**
 * Moment at which an event was queued, in milliseconds since 1970: its own time, within the hour of its path.
 * Devices report events late, and with clocks that are ahead. `undefined` if neither is known.
 *
 * @param time seconds since 1970
 */
export function queuedAt(time: number | undefined, queuedHour: number | undefined): number | undefined {
  const own = time === undefined ? queuedHour : time * 1_000;
  if (own === undefined || queuedHour === undefined) return own;
  return Math.min(Math.max(own, queuedHour), queuedHour + hourMs - 1);
}
