/** The days of a series. */
import type { CompanyTime } from './company-time.ts';
import { moment, wholeNumber } from './parameters.ts';

export interface Period {
  /** Days since 1970, the oldest first. */
  readonly days: readonly number[];
}

/**
 * The days that end with the one of `ending_at`, or of the request. `length` is their number, 1 to 100.
 *
 * @param now milliseconds since 1970.
 */
export function periodOf(query: URLSearchParams, time: CompanyTime, now: number): Period {
  const length = wholeNumber(query, 'length', [1, 100]);
  return daysUntil(time.dayOf(moment(query, 'ending_at') ?? now), length);
}

export function daysUntil(last: number, length: number): Period {
  return { days: Array.from({ length }, (_, index) => last - length + 1 + index) };
}
