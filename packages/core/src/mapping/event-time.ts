import { importLimits } from '../mixpanel/limits.ts';
import { dead, type Field, shown } from './envelope.ts';
import type { NoteTaker } from './notes.ts';

/**
 * Seconds by which a clock may be ahead. A `time` further ahead has another cause, and the true time is
 * unknown.
 */
const mostAhead = 86_400;

/**
 * Smallest `time` that is in milliseconds: 1971, Mixpanel's earliest time. A smaller number is in seconds, up
 * to the year 2969.
 *
 * Each unit covers 1971 to 2969, and the next one begins where it ends: seconds from 3.1536e7, milliseconds
 * from 3.1536e10, microseconds from 3.1536e13, nanoseconds from 3.1536e16 to 3.1536e19. Each number therefore
 * has one meaning.
 */
const firstMilliseconds = importLimits.earliestTime * 1_000;
const endOfNanoseconds = firstMilliseconds * 1_000 ** 3;

/**
 * `time` in whole seconds. The value depends only on the event, never on a clock: Mixpanel also compares the
 * time to recognize an event that is sent again.
 *
 * @param now milliseconds since 1970; a time more than a day later is refused
 */
export function timeOf(time: unknown, now: number, notes: NoteTaker): Field<number> {
  const seconds = secondsOf(time);
  if (seconds === undefined) {
    const detail = `time must be UNIX seconds, 1971-01-01 or later, got ${shown(time)}`;
    return dead('invalid_time', detail);
  }
  if (seconds * 1_000 > now + mostAhead * 1_000) {
    const detail = `time is ${iso(seconds * 1_000)}, more than a day ahead of this machine's clock`;
    return dead('time_ahead', detail);
  }
  if (!Number.isInteger(time)) notes.taken.drifted.push('time');
  if (Number(time) >= firstMilliseconds) notes.taken.timeConverted = true;
  return seconds;
}

/**
 * Whole seconds since 1970 of a Currents `time` in seconds, milliseconds, microseconds or nanoseconds.
 * `undefined` for any other value, and for a time before 1971, which Mixpanel rejects.
 *
 * @see https://developer.mixpanel.com/reference/import-events
 * @example
 * ```ts
 * import { secondsOf } from '@braze-mixpanel/core/mapping';
 *
 * console.log(secondsOf(1_700_000_000), secondsOf(1_700_000_000_000), secondsOf('today')); // 1700000000 1700000000 undefined
 * ```
 */
export function secondsOf(time: unknown): number | undefined {
  if (typeof time !== 'number' || !(time >= importLimits.earliestTime && time < endOfNanoseconds))
    return undefined;
  let perSecond = 1;
  while (time >= firstMilliseconds * perSecond) perSecond *= 1_000;
  return Math.floor(time / perSecond);
}

const iso = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
