import type { Respond, SimAnswer } from '@braze-mixpanel/simulator-kit';
import type { MockBrazeModel } from './model.ts';
import type { LimitedRoute } from './rate-rules.ts';
import { rateLimitMessage, refusal } from './vendor-answers.ts';

/**
 * Answers 429 when the route's limit is used up, and puts Braze's rate headers on every answer: limit, what remains of it,
 * and when it is whole again in epoch seconds. Refused requests count as well. `Date` is on the same clock: a reader sets the moment
 * against it.
 */
export async function limited(
  model: MockBrazeModel,
  route: LimitedRoute,
  answer: () => Respond | Promise<Respond>,
): Promise<SimAnswer> {
  const verdict = model.rateLimits.take(route);
  const given = verdict.allowed ? await answer() : refusal(429, rateLimitMessage, 'rate limit');
  return {
    ...given,
    headers: {
      ...given.headers,
      Date: new Date(model.nowSeconds() * 1_000).toUTCString(),
      'X-RateLimit-Limit': String(model.rateLimits.rules[route].limit),
      'X-RateLimit-Remaining': String(verdict.remaining),
      'X-RateLimit-Reset': String(Math.ceil(verdict.resetAt / 1_000)),
    },
  };
}
