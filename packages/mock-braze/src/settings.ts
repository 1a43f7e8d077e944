import { durationSchema } from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';
import type { CurrentSettings } from './currents/current.ts';
import { defaultBackoff, retryPolicies } from './currents/retry-policy.ts';
import { limitNames } from './rate-limits.ts';

const count = z.number().int().positive();

/** What can be set while the simulator runs. Durations are milliseconds, or text such as `5m`. */
const fields = z.strictObject({
  /** Largest batch of the Custom HTTP connector. */
  batchSize: count.max(10_000),
  /** On the simulation clock. */
  flushInterval: durationSchema,
  /** Requests in flight of one Current; holds for Currents made from then on. */
  concurrency: count.max(256),
  /** In real time. */
  requestTimeout: durationSchema,
  retryGeneration: z.enum(['newest', 'oldest']),
  /** Failure without a break after which a Current is disabled; `null`: the generation's. */
  disableAfter: durationSchema.nullable(),
  backoffBase: durationSchema,
  backoffLimit: durationSchema,
  /** Probability with which an event leaves twice, with the same id. */
  duplicates: z.number().min(0).max(1),
  /** Whether events leave in random order. */
  disorder: z.boolean(),
  /** Braze's rate limits that hold: all, none, or those of the named routes. */
  rateLimits: z.union([z.boolean(), z.array(z.enum(limitNames))]),
});

/** All settings, with durations in milliseconds. */
export type Settings = Readonly<z.output<typeof fields>>;

export const settingsSchema = fields.partial();

/** The settings at the start: Braze's own where it documents them. */
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
};

export function currentSettings(settings: Settings): CurrentSettings {
  const retry = retryPolicies[settings.retryGeneration];
  return {
    ...settings,
    retry: { ...retry, disableAfter: settings.disableAfter ?? retry.disableAfter },
    backoff: { base: settings.backoffBase, limit: settings.backoffLimit },
  };
}
