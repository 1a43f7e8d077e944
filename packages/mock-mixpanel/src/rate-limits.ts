import { importLimits, lexiconLimits, lookupTableLimits, queryLimits } from '@braze-mixpanel/core/mixpanel';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * The documented limits of the simulated endpoints. Those named `…AtOnce` limit concurrent requests, without
 * a window. Each limit is off until `settings.rateLimits` enables it.
 *
 * Source: Mixpanel developer documentation, "Rate Limits" (2026).
 */
export const rateRules = {
  /** Shared by `/import` and `/track`. */
  importBytes: { limit: importLimits.bytesPerMinute, windowMs: minute },
  /** "About 30,000 events a second, measured on a rolling minute". */
  importEvents: { limit: importLimits.eventsPerSecond * 60, windowMs: minute },
  queries: { limit: queryLimits.queriesPerHour, windowMs: hour },
  queriesAtOnce: { limit: queryLimits.queriesAtOnce, windowMs: 0 },
  exports: { limit: 60, windowMs: hour },
  exportsPerSecond: { limit: 3, windowMs: 1_000 },
  exportsAtOnce: { limit: 100, windowMs: 0 },
  schemaRequests: { limit: lexiconLimits.requestsPerMinute, windowMs: minute },
  /** Events and properties in uploads of schemas. */
  schemaUpdates: { limit: lexiconLimits.updatesPerMinute, windowMs: minute },
  /** Of the deletion routes. Source: "GDPR API", read 2026-08. */
  gdprRequests: { limit: 1, windowMs: 1_000 },
  lookupTableReplacements: { limit: lookupTableLimits.replacementsPerDay, windowMs: day },
} as const;

/** The name of a limit. */
export type LimitName = keyof typeof rateRules;
export const limitNames = Object.keys(rateRules) as LimitName[];
