import { httpDate } from './http-date.ts';

/**
 * Maximum of a wait; longer ones are ignored, since every rate limit of both vendors is over within an hour.
 */
const longestWaitMs = 3_600_000;

/**
 * Milliseconds that an answer asks to wait: the longer one of `Retry-After` and, where a rate limit is spent,
 * the moment of `X-RateLimit-Reset`; an hour at most. `undefined` where neither is present, in the future and
 * understood.
 *
 * Moments are relative to the answer's own `Date`, which the same clock wrote; to our clock, which may
 * differ, only where there is none.
 *
 * Sources: RFC 9110, sections 10.2.3, 5.6.7 and 6.6.1; Braze, "API rate limits" (`X-RateLimit-Remaining`,
 * `X-RateLimit-Reset` in epoch seconds). Mixpanel documents neither header for `/import`; proxies before it
 * send `Retry-After`.
 *
 * @param now milliseconds since 1970 by our clock
 */
export function parseRetryAfter(headers: Pick<Headers, 'get'>, now: number): number | undefined {
  const written = httpDate(headers.get('date') ?? '');
  const answeredAt = Number.isNaN(written) ? now : written;
  const waits = [retryAfter(headers.get('retry-after'), answeredAt), rateLimitReset(headers, answeredAt)];
  const longest = waits.reduce((most, wait) => (wait > most ? wait : most), 0);
  return longest === 0 ? undefined : Math.min(longest, longestWaitMs);
}

/**
 * Seconds or an HTTP date; the longest of several, since a proxy may add a header of its own to the vendor's.
 * Seconds may have a fraction, which RFC 9110 does not allow and gateways send.
 */
function retryAfter(header: string | null, answeredAt: number): number {
  const waits = (header ?? '').split(betweenWaits).map(text => oneWait(text.trim(), answeredAt));
  return waits.reduce((most, wait) => (wait > most ? wait : most), 0);
}

const oneWait = (text: string, answeredAt: number): number =>
  seconds.test(text) ? Math.ceil(Number(text) * 1_000) : httpDate(text) - answeredAt;

function rateLimitReset(headers: Pick<Headers, 'get'>, answeredAt: number): number {
  const reset = headers.get('x-ratelimit-reset')?.trim() ?? '';
  const isSpent = headers.get('x-ratelimit-remaining')?.trim() === '0';
  return isSpent && digits.test(reset) ? Number(reset) * 1_000 - answeredAt : Number.NaN;
}

const digits = /^\d+$/;
const seconds = /^\d+(\.\d*)?$/;
/** A comma, except the one after the weekday of a date. */
const betweenWaits = /,(?!\s*\d{1,2}[ -][a-z]{3}[ -])/i;
