import {
  cohortImportLimits,
  userIdentityLimits,
  usersExportLimits,
  usersTrackLimits,
} from '@braze-mixpanel/core/braze';
import type { RateLimits, Respond, SimAnswer } from '@braze-mixpanel/simulator-kit';
import { rateLimitMessage, refusal } from './vendor-answers.ts';

/**
 * Braze's rate limits. Each limit is off until `settings.rateLimits` enables it.
 * Source: Braze documentation, "API rate limits" (2026).
 */
export const rateRules = {
  'partner-cohorts': { limit: cohortImportLimits.requestsPerHour, windowMs: 3_600_000 },
  'partner-cohorts-users': { limit: cohortImportLimits.requestsPerHour, windowMs: 3_600_000 },
  'users-track': { limit: usersTrackLimits.requests, windowMs: usersTrackLimits.windowMs },
  'users-identity': { limit: userIdentityLimits.requestsPerMinute, windowMs: 60_000 },
  'users-export-ids': { limit: usersExportLimits.requestsPerMinute, windowMs: 60_000 },
  'campaigns-data-series': { limit: 50_000, windowMs: 60_000 },
  'events-and-products': { limit: 1_000, windowMs: 3_600_000 },
  /** Of all endpoints without a limit of their own. */
  'rest-shared': { limit: 250_000, windowMs: 3_600_000 },
} as const;

/** The name of a limit. */
export type LimitName = keyof typeof rateRules;
export const limitNames = Object.keys(rateRules) as LimitName[];

/**
 * Answers 429 if the limit is exceeded, and adds Braze's rate headers to every answer: limit, remaining
 * requests, and reset time in epoch seconds. Rejected requests count as well. `Date` uses the same clock,
 * since clients compare the two.
 */
export async function limited(
  { nowSeconds, rateLimits }: { readonly nowSeconds: number; readonly rateLimits: RateLimits<LimitName> },
  name: LimitName,
  answer: () => Respond | Promise<Respond>,
): Promise<SimAnswer> {
  const verdict = rateLimits.take(name);
  const given = verdict.allowed ? await answer() : refusal(429, rateLimitMessage, 'rate limit');
  return {
    ...given,
    headers: {
      ...given.headers,
      Date: new Date(nowSeconds * 1_000).toUTCString(),
      'X-RateLimit-Limit': String(rateLimits.rules[name].limit),
      'X-RateLimit-Remaining': String(verdict.remaining),
      'X-RateLimit-Reset': String(Math.ceil(verdict.resetAt / 1_000)),
    },
  };
}
