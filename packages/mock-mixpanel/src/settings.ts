import { cohortWebhookLimits, importLimits, isTimeZone, queryLimits } from '@braze-mixpanel/core/mixpanel';
import * as z from 'zod';
import { limitNames } from './rate-limits.ts';

const size = z.int().min(1);

/** Settings that can change while the simulator runs: `PUT /_sim/settings` with the fields to change. */
const fields = z.strictObject({
  /** Maximum uncompressed body of `/import`, in bytes. */
  requestBytes: size.max(512 * 1024 * 1024),
  /** Maximum nesting of a value in an event: 3 as documented, or more as observed. */
  nestingDepth: size.max(64),
  /** Number of results per page of `/engage`. */
  pageSize: size.max(100_000),
  /** The enabled rate limits: all, none, or the named ones. */
  rateLimits: z.union([z.boolean(), z.array(z.enum(limitNames))], {
    error: `must be true, false, or a list of ${limitNames.join(', ')}`,
  }),
  /** Duration of a query or an export in real milliseconds, for the limits of concurrent requests. */
  queryMilliseconds: z.number().min(0).max(60_000),
  /**
   * How the project joins the ids of a user. `simplified`: by `$device_id` and `$user_id` on one event; `/import` rejects
   * `$identify`, `$create_alias` and `$merge`, `/track` ignores them. `original`: by these three events. It cannot
   * change while the project has data. Source: Mixpanel documentation, "Simplified ID Merge" (default for organisations
   * created since April 2024), read 2026-08.
   */
  idManagement: z.enum(['simplified', 'original']),
  /**
   * Whether Mixpanel's retirements apply, on the clock: API secrets are refused from 2027-03-03 on, and events of an
   * EU or India project on a US host are stored before 2026-07-01 and lost after it. Source of the first: Mixpanel documentation, "Project
   * Secret" ("fully retired"), read 2026-08; the hour is not documented, the start of the day in UTC is assumed.
   */
  retirements: z.boolean(),
  /** When the service account expires, in ISO 8601; from then on, on the clock, it is refused. `null` for never. */
  serviceAccountExpires: z.iso
    .datetime({ offset: true, error: 'must be a time in ISO 8601, such as "2027-01-31T00:00:00Z"' })
    .nullable(),
  /**
   * Events of one distinct ID and day above which further ones are renamed to `$hotshard_events` and lose their
   * distinct ID: 200,000 in Mixpanel, `null` for no limit. Counted from the time on at which it is set.
   */
  hotShardEvents: size.nullable(),
  /**
   * The time zone of the project, by the IANA database: the days of its reports, and days and times of its raw export
   * unless `exportsUtc`.
   */
  timeZone: z.string().refine(isTimeZone, 'must be the name of a time zone, such as "Europe/Berlin"'),
  /**
   * Whether the raw export has days and times of UTC whatever the time zone, as that of a project created since 2023.
   * Source: Mixpanel documentation, "Export Methods" and "Managing Projects", read 2026-08.
   */
  exportsUtc: z.boolean(),
  /**
   * Simulated milliseconds from the request of a deletion until it is done: 30 days by default, the most that is documented.
   * It applies to later requests.
   */
  deletionTakes: z
    .int()
    .min(0)
    .max(366 * 86_400_000),
  /** Real milliseconds over which the five retries of a cohort sync are spread; 0 retries without waiting. */
  retryWithin: z.number().min(0).max(600_000),
});

/** All settings. Times are in milliseconds. */
export type Settings = z.output<typeof fields>;

export const settingsSchema = fields.partial();
/** Some of the settings. */
export type SettingsChange = Partial<Settings>;

export const defaultSettings: Settings = {
  requestBytes: importLimits.requestBytes,
  nestingDepth: 10,
  pageSize: queryLimits.pageSize,
  rateLimits: false,
  queryMilliseconds: 0,
  idManagement: 'simplified',
  retirements: false,
  serviceAccountExpires: null,
  hotShardEvents: null,
  timeZone: 'UTC',
  exportsUtc: false,
  deletionTakes: 30 * 86_400_000,
  retryWithin: cohortWebhookLimits.retryWithinMs,
};
