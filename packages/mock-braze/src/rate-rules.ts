import {
  cohortImportLimits,
  userIdentityLimits,
  usersExportLimits,
  usersTrackLimits,
} from '@braze-mixpanel/core/braze';

/** Requests that Braze limits, and how (Braze API limits, 2026). Each is off until `settings.rateLimits` says otherwise. */
export const rateRules = {
  'partner-cohorts': { limit: cohortImportLimits.requestsPerHour, windowMs: 3_600_000 },
  'partner-cohorts-users': { limit: cohortImportLimits.requestsPerHour, windowMs: 3_600_000 },
  'users-track': { limit: usersTrackLimits.requests, windowMs: usersTrackLimits.windowMs },
  'users-identity': { limit: userIdentityLimits.requestsPerMinute, windowMs: 60_000 },
  'users-export-ids': { limit: usersExportLimits.requestsPerMinute, windowMs: 60_000 },
} as const;
export type LimitedRoute = keyof typeof rateRules;

export const limitedRoutes = Object.keys(rateRules) as LimitedRoute[];
