import { cohortWebhookLimits, importLimits, queryLimits } from '@braze-mixpanel/core/mixpanel';
import * as z from 'zod';

/** The project and its credentials. The defaults are obvious fakes. */
export interface Project {
  readonly id: string;
  readonly token: string;
  readonly apiSecret: string;
  readonly serviceAccount: string;
  readonly serviceSecret: string;
}

export const defaultProject: Project = {
  id: '12345',
  token: 'mixpanel-token',
  apiSecret: 'mixpanel-secret',
  serviceAccount: 'service-account',
  serviceSecret: 'service-secret',
};

const size = z.int().min(1);

/** What can be set while the simulator runs: `PUT /_sim/settings` with the fields that change. */
export const settingsSchema = z.strictObject({
  /** Longest uncompressed body of `/import`, bytes. */
  requestBytes: size.max(512 * 1024 * 1024).default(importLimits.requestBytes),
  /** Results of one page of `/engage`. */
  pageSize: size.max(100_000).default(queryLimits.pageSize),
  /** The documented rate limits of `/import` and of the query API. */
  rateLimits: z.boolean().default(false),
  /** Real milliseconds that a query takes; with the rate limits on, at most 5 run at once. */
  queryMilliseconds: z.number().min(0).max(60_000).default(0),
  /** A project on simplified identity refuses `$identify`, `$create_alias` and `$merge`. */
  simplifiedIdentity: z.boolean().default(false),
  /** Real milliseconds over which a cohort sync spreads its five retries; 0 retries without waiting. */
  retryWithin: z.number().min(0).max(600_000).default(cohortWebhookLimits.retryWithinMs),
});

export type Settings = z.output<typeof settingsSchema>;
export type SettingsChange = Partial<Settings>;

export const settingsChangeSchema = z.strictObject({
  requestBytes: settingsSchema.shape.requestBytes.unwrap().optional(),
  pageSize: settingsSchema.shape.pageSize.unwrap().optional(),
  rateLimits: z.boolean().optional(),
  queryMilliseconds: settingsSchema.shape.queryMilliseconds.unwrap().optional(),
  simplifiedIdentity: z.boolean().optional(),
  retryWithin: settingsSchema.shape.retryWithin.unwrap().optional(),
});
