/** The days of a series. */
import type { CompanyTime } from './company-time.ts';
import { moment, ParameterError, wholeNumber } from './parameters.ts';

/** Days that a request for a Canvas series can have. */
const mostCanvasDays = 14;

/** Days since 1970, the oldest first. */
export type Period = readonly number[];

/**
 * The days that end with the one of `ending_at`, or of the request. `length` is their number, 1 to 100.
 *
 * @param now milliseconds since 1970.
 */
export function periodOf(query: URLSearchParams, time: CompanyTime, now: number): Period {
  const length = wholeNumber(query, 'length', [1, 100]);
  return daysUntil(time.dayOf(moment(query, 'ending_at') ?? now), length);
}

/**
 * The days of a Canvas series: from `starting_at` if that is given, and else `length` of them, up to the day of
 * `ending_at`; 1 to 14 days.
 */
export function canvasPeriodOf(query: URLSearchParams, time: CompanyTime): Period {
  const ending = moment(query, 'ending_at');
  if (ending === undefined) throw new ParameterError('ending_at is required');
  const last = time.dayOf(ending);
  const starting = moment(query, 'starting_at');
  if (starting === undefined && !query.has('length'))
    throw new ParameterError('starting_at or length is required');
  if (starting === undefined) return daysUntil(last, wholeNumber(query, 'length', [1, mostCanvasDays]));
  const length = last - time.dayOf(starting) + 1;
  if (length >= 1 && length <= mostCanvasDays) return daysUntil(last, length);
  throw new ParameterError(
    `starting_at must be at most ${mostCanvasDays} days before ending_at, and not after it`,
  );
}

function daysUntil(last: number, length: number): Period {
  return Array.from({ length }, (_, index) => last - length + 1 + index);
}
