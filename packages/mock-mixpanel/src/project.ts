import {
  cohortWebhookLimits,
  importLimits,
  type MixpanelRegion,
  mixpanelHosts,
  queryLimits,
} from '@braze-mixpanel/core/mixpanel';
import type { SimRequest } from '@braze-mixpanel/simulator-kit';
import * as z from 'zod';
import { limitNames } from './rate-limits.ts';

/** The project and its credentials. The defaults are obvious fakes. */
export interface Project {
  readonly id: string;
  readonly token: string;
  readonly apiSecret: string;
  readonly serviceAccount: string;
  readonly serviceSecret: string;
  /** Where its data lives. Left out, it answers on the hosts of every region. */
  readonly region?: MixpanelRegion | undefined;
}

export const defaultProject: Project = {
  id: '12345',
  token: 'mixpanel-token',
  apiSecret: 'mixpanel-secret',
  serviceAccount: 'service-account',
  serviceSecret: 'service-secret',
};

const regionOfHost: ReadonlyMap<string, string> = new Map(
  Object.entries(mixpanelHosts).flatMap(([region, hosts]) =>
    [hosts.ingestion, hosts.query, hosts.export].map(origin => [new URL(origin).host, region] as const),
  ),
);

/** Whether a request came to a Mixpanel host of a region that the project does not live in: there nobody knows it. */
export function isElsewhere({ headers }: SimRequest, { region }: Project): boolean {
  const asked = regionOfHost.get((headers.host ?? '').toLowerCase());
  return region !== undefined && asked !== undefined && asked !== region;
}

const size = z.int().min(1);
const rateLimits = z.union([z.boolean(), z.array(z.enum(limitNames))], {
  error: `expected true, false, or a list of ${limitNames.join(', ')}`,
});

/** What can be set while the simulator runs: `PUT /_sim/settings` with the fields that change. */
export const settingsSchema = z.strictObject({
  /** Longest uncompressed body of `/import`, bytes. */
  requestBytes: size.max(512 * 1024 * 1024).default(importLimits.requestBytes),
  /** Results of one page of `/engage`. */
  pageSize: size.max(100_000).default(queryLimits.pageSize),
  /** The documented rate limits: all, none, or the named ones. */
  rateLimits: rateLimits.default(false),
  /** Real milliseconds that a query or an export takes, for the limits of those at once. */
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
  rateLimits: rateLimits.optional(),
  queryMilliseconds: settingsSchema.shape.queryMilliseconds.unwrap().optional(),
  simplifiedIdentity: z.boolean().optional(),
  retryWithin: settingsSchema.shape.retryWithin.unwrap().optional(),
});
