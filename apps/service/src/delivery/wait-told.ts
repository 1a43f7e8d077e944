/** Longer waits are not believed: every rate limit of both vendors is over within an hour. */
const longestMs = 3_600_000;

/**
 * Milliseconds that an answer asks to wait: the longer one of `Retry-After` and, where nothing remains of a rate limit, the moment of
 * `X-RateLimit-Reset`; an hour at most. Nothing where neither is there, in the future and understood.
 *
 * Sources: RFC 9110, section 10.2.3; Braze, "API rate limits" (`X-RateLimit-Remaining`, `X-RateLimit-Reset` in epoch seconds).
 * Mixpanel documents neither header for `/import`; proxies before it send `Retry-After`.
 *
 * @param now milliseconds since 1970
 */
export function waitTold(headers: Pick<Headers, 'get'>, now: number): number | undefined {
  const waits = [retryAfter(headers.get('retry-after'), now), rateLimitReset(headers, now)];
  const longest = waits.reduce((most, wait) => (wait > most ? wait : most), 0);
  return longest === 0 ? undefined : Math.min(longest, longestMs);
}

/** Seconds, or an HTTP date. */
function retryAfter(header: string | null, now: number): number {
  const text = header?.trim() ?? '';
  return digits.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
}

function rateLimitReset(headers: Pick<Headers, 'get'>, now: number): number {
  const reset = headers.get('x-ratelimit-reset')?.trim() ?? '';
  const isSpent = headers.get('x-ratelimit-remaining')?.trim() === '0';
  return isSpent && digits.test(reset) ? Number(reset) * 1_000 - now : Number.NaN;
}

const digits = /^\d+$/;
