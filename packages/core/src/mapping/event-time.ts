import { importLimits } from '../mixpanel/limits.ts';
import { dead, type Field, shown } from './envelope.ts';
import type { NoteTaker } from './notes.ts';

/** No clock is wrong by more than this: what is further ahead is another fault, and nobody knows the event's true time. */
const mostAhead = 86_400;

/**
 * The first moment that a number of milliseconds can mean, 1971. Below it a number counts seconds, up to the year 2969.
 *
 * Each unit covers 1971 to 2969, and the next one begins where it ends: seconds from 3.1536e7, milliseconds from 3.1536e10,
 * microseconds from 3.1536e13, nanoseconds from 3.1536e16 to 3.1536e19. So each number has one meaning. The earliest time is
 * Mixpanel's own limit.
 */
const firstMilliseconds = importLimits.earliestTime * 1_000;
const endOfNanoseconds = firstMilliseconds * 1_000 ** 3;

/**
 * `time` in whole seconds. It depends on the event alone, never on a clock: Mixpanel recognises a repeated event by its time as well.
 *
 * @param now milliseconds since 1970; a time more than a day ahead of it is refused
 */
export function timeOf(time: unknown, now: number, notes: NoteTaker): Field<number> {
  const seconds = secondsOf(time);
  if (seconds === undefined) {
    const detail = `time must be UNIX seconds, 1971-01-01 or later, got ${shown(time)}`;
    return { end: dead('invalid_time', detail) };
  }
  if (seconds * 1_000 > now + mostAhead * 1_000) {
    const detail = `time is ${iso(seconds * 1_000)}, more than a day ahead of this machine's clock`;
    return { end: dead('time_ahead', detail) };
  }
  if (!Number.isInteger(time)) notes.taken.drifted.push('time');
  if (Number(time) >= firstMilliseconds) notes.taken.timeConverted = true;
  return { value: seconds };
}

/** The whole seconds since 1970 that a `time` means; `undefined` where it means none that Mixpanel takes. */
export function secondsOf(time: unknown): number | undefined {
  if (typeof time !== 'number' || !(time >= importLimits.earliestTime && time < endOfNanoseconds))
    return undefined;
  let perSecond = 1;
  while (time >= firstMilliseconds * perSecond) perSecond *= 1_000;
  return Math.floor(time / perSecond);
}

const iso = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
