import { durationSchema } from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';
import type { CurrentSettings } from './currents/current.ts';
import { defaultBackoff, type RetryGeneration, retryPolicies } from './currents/retry-policy.ts';
import { type LimitName, limitNames } from './rate-limits.ts';

/** What can be set while the simulator runs. Durations: milliseconds, or text such as `5m`. */
export interface Settings {
  /** Largest batch of the Custom HTTP connector. */
  readonly batchSize: number;
  /** On the simulation clock. */
  readonly flushInterval: number;
  /** Requests in flight of one Current; holds for Currents made from then on. */
  readonly concurrency: number;
  /** In real time. */
  readonly requestTimeout: number;
  readonly retryGeneration: RetryGeneration;
  /** Failure without a break after which a Current is disabled; `null`: the generation's. */
  readonly disableAfter: number | null;
  readonly backoffBase: number;
  readonly backoffLimit: number;
  /** Probability with which an event leaves twice, with the same id. */
  readonly duplicates: number;
  /** Whether events leave in an order of chance. */
  readonly disorder: boolean;
  /** Braze's rate limits that hold: all, none, or those of the named routes. */
  readonly rateLimits: boolean | readonly LimitName[];
}

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

const count = z.number().int().positive();

export const settingsSchema = z
  .strictObject({
    batchSize: count.max(10_000),
    flushInterval: durationSchema,
    concurrency: count.max(256),
    requestTimeout: durationSchema,
    retryGeneration: z.enum(['newest', 'oldest']),
    disableAfter: durationSchema.nullable(),
    backoffBase: durationSchema,
    backoffLimit: durationSchema,
    duplicates: z.number().min(0).max(1),
    disorder: z.boolean(),
    rateLimits: z.union([z.boolean(), z.array(z.enum(limitNames))]),
  })
  .partial();

export function currentSettings(settings: Settings): CurrentSettings {
  const retry = retryPolicies[settings.retryGeneration];
  return {
    ...settings,
    retry: { ...retry, disableAfter: settings.disableAfter ?? retry.disableAfter },
    backoff: { base: settings.backoffBase, limit: settings.backoffLimit },
  };
}
