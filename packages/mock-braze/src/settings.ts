import { isTimeZone } from '@braze-mixpanel/core/mixpanel';
import { durationSchema } from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';
import type { CurrentSettings } from './currents/current.ts';
import { defaultBackoff, retryPolicies } from './currents/retry-policy.ts';
import { limitNames } from './rate-limits.ts';

const count = z.number().int().positive();

/** Settings that can change while the simulator runs. Durations are milliseconds, or text such as `5m`. */
const fields = z.strictObject({
  /** Maximum batch size of the Custom HTTP connector. */
  batchSize: count.max(10_000),
  /** On the simulation clock. */
  flushInterval: durationSchema,
  /** Concurrent requests per Current; applies to Currents created from then on. */
  concurrency: count.max(256),
  /** In real time. */
  requestTimeout: durationSchema,
  retryGeneration: z.enum(['newest', 'oldest']),
  /**
   * Time of continuous failure after which a Current is disabled; `null`: the default of the retry
   * generation.
   */
  disableAfter: durationSchema.nullable(),
  backoffBase: durationSchema,
  backoffLimit: durationSchema,
  /** Share of events that are sent twice, with the same ID (0 to 1). */
  duplicates: z.number().min(0).max(1),
  /** Whether events are sent in random order. */
  disorder: z.boolean(),
  /** Enabled rate limits of Braze: all, none, or those of the named routes. */
  rateLimits: z.union([z.boolean(), z.array(z.enum(limitNames))]),
  /** The company's time zone: the days of analytics. Days that were counted before a change keep their numbers. */
  timeZone: z.string().refine(isTimeZone, 'must be the name of a time zone, such as "Europe/Berlin"'),
});

/** All settings, with durations in milliseconds. */
export type Settings = Readonly<z.output<typeof fields>>;

export const settingsSchema = fields.partial();

/** The initial settings: Braze's own where documented. */
export const defaultSettings: Settings = {
  batchSize: 100,
  flushInterval: 5 * 60_000,
  concurrency: 8,
  requestTimeout: 30_000,
  retryGeneration: 'newest',
  disableAfter: null,
  backoffBase: defaultBackoff.base,
  backoffLimit: defaultBackoff.limit,
  duplicates: 0,
  disorder: false,
  rateLimits: false,
  timeZone: 'UTC',
};

export function currentSettings(settings: Settings): CurrentSettings {
  const retry = retryPolicies[settings.retryGeneration];
  return {
    ...settings,
    retry: { ...retry, disableAfter: settings.disableAfter ?? retry.disableAfter },
    backoff: { base: settings.backoffBase, limit: settings.backoffLimit },
  };
}
