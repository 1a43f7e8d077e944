import { cohortList } from './cohort-list.ts';
import { cohortMatch, cohortMatchAs } from './cohort-match.ts';
import { cohortSegments } from './cohort-segments.ts';
import { currentsShape } from './currents-settings.ts';
import { notes } from './setting-notes.ts';
import * as value from './values.ts';

/**
 * The settings catalogue: name, type, default and description of every setting. The environment, the YAML
 * file, the error messages, the printed configuration and the table in `docs/configuration.md` are derived
 * from these two shapes.
 */

/** Settings of the process. */
export const serviceShape = {
  HOST: value.text().prefault('127.0.0.1').register(notes, { about: 'Address to listen on.' }),
  PORT: value
    .wholeNumber(0, 65_535)
    .prefault('4000')
    .register(notes, { about: 'Port to listen on; 0 picks a free one.' }),
  STORAGE_URL: value.storageUrl().prefault('sqlite:./data/service.db').register(notes, {
    about:
      'Storage of all data: `sqlite:<path>`, or `postgres://user:password@host:5432/database` for several replicas ([storage.md](storage.md)). With SQLite, 64 MB of the disk stay reserved to finish deliveries; below that, batches get 503.',
    secret: true,
  }),
  BODY_LIMIT: value
    .size('1kb', '100mb')
    .prefault('10mb')
    .register(notes, { about: 'Largest request body after decompression; larger ones get 413.' }),
  MAX_EVENTS_PER_REQUEST: value.wholeNumber(1, 1_000_000).prefault('10000').register(notes, {
    about:
      'Most events in one Currents batch; larger batches get 413, and Braze splits them. Braze sends about a hundred; the limit bounds the cost of one request.',
  }),
  ADMIN_TOKEN: value.secrets().optional().register(notes, {
    about:
      'Bearer token with read and write access to `/api/*`; without it the API is disabled. Comma-separated to rotate: old and new token.',
    secret: true,
  }),
  VIEWER_TOKEN: value.secrets().optional().register(notes, {
    about:
      'Bearer token with read access to `/api/*`. If set, `/status` and `/metrics` require it (or the admin token) too.',
    secret: true,
  }),
  DELIVERED_RETENTION: value.duration('0s', '90d', '24h').prefault('0s').register(notes, {
    about: 'How long delivered events are kept for `trace`; `0s` keeps none. Counters are always kept.',
  }),
  KEEP_TRAFFIC: value.size('1mb', '1gb').optional().register(notes, {
    about:
      'Memory for the newest accepted batches and the newest requests that deliver events and members, with their answers and without secrets: the console follows single events with it, and `/api/traffic` reads it. Default: nothing is kept. The events of users are in it until newer ones take their place; `forget` empties it. A change needs a restart.',
  }),
  DEAD_LETTER_RETENTION: value.retention('1h').prefault('forever').register(notes, {
    about:
      'How long dead letters are kept; expired ones count as skipped, reason `expired`. A duration or `forever`.',
  }),
  AUDIT_RETENTION: value.retention('1d').prefault('400d').register(notes, {
    about: 'How long entries of the audit log are kept. A duration or `forever`.',
  }),
  DAY_COUNT_RETENTION: value.retention('1d').prefault('400d').register(notes, {
    about:
      'How long counts and outcomes per event and day are kept, for `compare` and `cost`. A duration or `forever`.',
  }),
  MIXPANEL_PRICE_PER_MILLION: value.price().optional().register(notes, {
    about:
      'Price of a million events in Mixpanel, in any currency, for the estimate of `cost`. Without it, `cost` shows counts and the billed share.',
  }),
  RECONCILE_DAYS: value.wholeNumber(0, 31).prefault('0').register(notes, {
    about:
      'Number of past days that `reconcile` reports on for each connection every day at 03:00 UTC. 0: no daily report.',
  }),
  RECONCILE_THRESHOLD: value.wholeNumber(0, 100).prefault('1').register(notes, {
    about:
      'Percent of the events of a name and day above which an unexplained difference is a finding of `reconcile`.',
  }),
  COHORT_PAGE_RETENTION: value.duration('6h', '30d', '24h').prefault('24h').register(notes, {
    about:
      'How long pages of an incomplete cohort session are kept after its last page. A push completes within minutes or never; reading a cohort may pause for hours between two pages.',
  }),
  KEEP_ID_MAP: value.flag().prefault('false').register(notes, {
    about:
      "Whether external IDs are remembered by Braze's own user IDs, so that `users.UserDeleteRequest` of a back-fill or a bucket, which has no external ID, can be attributed ([privacy.md](privacy.md#requests-of-braze-to-delete-users)).",
  }),
  USER_DELETE_REQUESTS: value
    .oneOf(['report', 'forget', 'forget-vendors'])
    .prefault('report')
    .register(notes, {
      about:
        '`report` lists the users whose deletion Braze was asked for. `forget` removes them as `forget` does, `forget-vendors` as `forget --vendors`. Needs `KEEP_ID_MAP`.',
    }),
  LOG_LEVEL: value
    .oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .prefault('info')
    .register(notes, { about: 'Lowest level to log, as JSON lines on standard error.' }),
  CLOCK_URL: value.clockAddress().optional().register(notes, {
    about:
      'Simulated clock for cohort schedules: `/_sim/clock` of a simulator. Rejected together with a real vendor address.',
  }),
  DELIVERY_CONCURRENCY: value.wholeNumber(1, 20).prefault('10').register(notes, {
    about:
      'Most concurrent requests to Mixpanel, per connection. The service adapts the number to the responses, down to one while Mixpanel throttles or is unavailable.',
  }),
  DELIVERY_TIMEOUT: value
    .duration('100ms', '5m', '30s')
    .prefault('30s')
    .register(notes, { about: 'Time-out of a request to Mixpanel.' }),
  DELIVERY_RETRY_BASE: value.duration('1ms', '1m', '2s').prefault('2s').register(notes, {
    about:
      'First wait after a failed request; it doubles with every further failure. Jitter is 0.5 to 2.5 times this value.',
  }),
  DELIVERY_RETRY_MAX: value
    .duration('1ms', '1h', '60s')
    .prefault('60s')
    .register(notes, { about: 'Longest wait between attempts, before jitter.' }),
  DELIVERY_PARK: value.duration('1ms', '1h', '5m').prefault('5m').register(notes, {
    about: 'Wait before the next attempt while Mixpanel rejects the credentials or the address.',
  }),
  DELIVERY_LEASE: value.duration('1s', '1h', '60s').prefault('60s').register(notes, {
    about:
      'With several replicas: how long batches stay leased to a replica that crashed before another one delivers them. Running replicas renew their leases.',
  }),
  PUBLIC_URL: value.origin().optional().register(notes, {
    about: 'Public origin of this service for Braze and Mixpanel; `doctor` tests it.',
  }),
  SHUTDOWN_GRACE: value
    .duration('0s', '10m', '10s')
    .prefault('10s')
    .register(notes, { about: 'How long requests in flight may take to finish after SIGTERM.' }),
};

/**
 * Settings of one connection: one Current into one Mixpanel project, and that project's cohorts into one
 * Braze workspace.
 */
export const connectionShape = {
  ...currentsShape,
  DELIVERY_MODE: value.oneOf(['live', 'hold', 'shadow']).prefault('live').register(notes, {
    about:
      '`live` delivers. `shadow` maps, checks and counts new batches without sending them. `hold` stores new batches and sends nothing until the mode changes.',
  }),
  BACKLOG_MAX_BYTES: value.size('1mb', '1000gb').prefault('10gb').register(notes, {
    about:
      'Largest backlog of undelivered batches; above it, batches get 503 until a fifth of the backlog is delivered.',
  }),
  BACKLOG_MAX_AGE: value.duration('1m', '365d', '24h').optional().register(notes, {
    about:
      'Largest age of the backlog while Mixpanel is unavailable or rejects requests; above it, batches get 503. Default: no limit, because events stored here are safer than events queued at Braze.',
  }),
  MIXPANEL_SERVICE_ACCOUNT: value.text().optional().register(notes, {
    about: 'User name of a service account (preferred; requires the secret and the project ID).',
  }),
  MIXPANEL_SERVICE_SECRET: value
    .secret()
    .optional()
    .register(notes, { about: 'Secret of the service account.', secret: true }),
  MIXPANEL_PROJECT_ID: value.digits().optional().register(notes, { about: 'ID of the Mixpanel project.' }),
  MIXPANEL_TOKEN: value.secret().optional().register(notes, {
    about:
      'Project token: used to import events without a service account, and to request deletions of users.',
    secret: true,
  }),
  MIXPANEL_OAUTH_TOKEN: value.secret().optional().register(notes, {
    about:
      'OAuth token of an owner or admin of the project, for its GDPR API: `forget --vendors` requests deletions with it. Requires `MIXPANEL_TOKEN`; ends after a year.',
    secret: true,
  }),
  MIXPANEL_API_SECRET: value.secret().optional().register(notes, {
    about: 'Project API secret: deprecated, Mixpanel retires it in March 2027.',
    secret: true,
  }),
  MIXPANEL_CREDENTIALS_EXPIRE: value.day().optional().register(notes, {
    about:
      'Day (UTC) on which the service account expires, for example `2027-01-31`: findings and an alert say so in time. `doctor` reads it from Mixpanel where the account may.',
  }),
  MIXPANEL_PROJECT_TIMEZONE: value.timeZone().prefault('UTC').register(notes, {
    about:
      'Time zone of a project created before 2023, as its project settings show it, for example `America/New_York`: days and times of its raw export, which `compare` and `cut-over` read. Later projects export in UTC.',
  }),
  MIXPANEL_REGION: value
    .oneOf(['us', 'eu', 'in'])
    .prefault('us')
    .register(notes, { about: 'Data residency of the project; sets the default of the addresses below.' }),
  MIXPANEL_API_URL: value
    .origin()
    .optional()
    .register(notes, { about: 'Origin for `/import`; default: that of the region.' }),
  MIXPANEL_QUERY_URL: value.origin().optional().register(notes, {
    about: 'Origin for `/api/query/…`, and for `lexicon push`; default: that of the region.',
  }),
  MIXPANEL_EXPORT_URL: value.origin().optional().register(notes, {
    about:
      'Origin for the raw export `/api/2.0/export`, used by `compare`; default: MIXPANEL_QUERY_URL, or that of the region.',
  }),
  MIXPANEL_WEBHOOK_USERNAME: value.text().optional().register(notes, {
    about: "User name that Mixpanel's cohort webhook sends.",
  }),
  MIXPANEL_WEBHOOK_PASSWORD: value
    .secret()
    .optional()
    .register(notes, { about: "Password that Mixpanel's cohort webhook sends.", secret: true }),
  BRAZE_REST_URL: value.origin().optional().register(notes, {
    about: 'REST endpoint of the Braze instance, for example `https://rest.fra-01.braze.eu`.',
  }),
  BRAZE_DATA_IMPORT_KEY: value.secret().optional().register(notes, {
    about: 'Data import key of Partner Integrations → Technology Partners → Mixpanel.',
    secret: true,
  }),
  BRAZE_PARTNER_API_KEY: value.secret().optional().register(notes, {
    about:
      'Partner key, issued by Braze to integration partners only; with the data import key it enables the cohort import.',
    secret: true,
  }),
  BRAZE_REST_API_KEY: value.secret().optional().register(notes, {
    about: 'REST API key with `users.track`: syncs cohorts as boolean attributes.',
    secret: true,
  }),
  BRAZE_ANALYTICS_KEY: value.secret().optional().register(notes, {
    about:
      "REST API key that reads Braze's own numbers for `reconcile`, with the permissions `campaigns.list`, `campaigns.data_series`, `canvas.list`, `canvas.data_series`, `events.list`, `events.data_series` and `purchases.quantity_series`, and `sends.data_series` for API campaigns. Lookup tables need `campaigns.list`, `campaigns.details`, `canvas.list` and `canvas.details`, `COHORT_SEGMENTS` needs `segments.data_series`.",
    secret: true,
  }),
  BRAZE_TIMEZONE: value.timeZone().prefault('UTC').register(notes, {
    about:
      "Time zone of the Braze company, as its company settings show it, for example `America/New_York`: the days of Braze's own counts. Events are counted by it from the moment it is set.",
  }),
  LOOKUP_TABLE_CAMPAIGNS: value.lookupTableId().optional().register(notes, {
    about:
      "ID of the lookup table by `campaign_id`: the service keeps names and tags of Braze's campaigns in it ([lookup-tables.md](lookup-tables.md)). Without any of the four IDs, no table is written.",
  }),
  LOOKUP_TABLE_CANVASES: value.lookupTableId().optional().register(notes, {
    about: 'ID of the lookup table by `canvas_id`.',
  }),
  LOOKUP_TABLE_MESSAGE_VARIATIONS: value.lookupTableId().optional().register(notes, {
    about: 'ID of the lookup table by `message_variation_id`.',
  }),
  LOOKUP_TABLE_CANVAS_STEPS: value.lookupTableId().optional().register(notes, {
    about: 'ID of the lookup table by `canvas_step_id`.',
  }),
  LOOKUP_TABLE_INTERVAL: value.duration('1h', '30d', '1h').prefault('1h').register(notes, {
    about:
      'Time between two reads of campaigns and Canvases for the lookup tables. Mixpanel accepts 100 replacements a day, which four tables reach with less than an hour.',
  }),
  COHORTS: cohortList().optional().register(notes, {
    about: 'Mixpanel cohorts to sync to Braze: `12345:dynamic,678:one-time`.',
  }),
  COHORT_SYNC_INTERVAL: value
    .duration('1m', '30d', '2h')
    .prefault('2h')
    .register(notes, { about: 'Sync interval of dynamic cohorts.' }),
  COHORT_RESEND_INTERVAL: value.duration('1m', '365d', '7d').prefault('7d').register(notes, {
    about: 'Interval of full sends, which reach users created in Braze since the last one.',
  }),
  COHORT_SAFETY_STOP: value.wholeNumber(0, 10_000_000).prefault('1000').register(notes, {
    about:
      'The safety stop holds a list that empties or more than halves a cohort of more members than this. 0 protects a cohort of any size.',
  }),
  COHORT_MATCH: cohortMatch().optional().register(notes, {
    about:
      'Identifier of the Braze user: `distinct_id` or the name of a profile property. Default: `$braze_external_id`, or `distinct_id` for profiles without it.',
  }),
  COHORT_MATCH_AS: cohortMatchAs().optional().register(notes, {
    about:
      'Kind of identifier in the property of `COHORT_MATCH`: `external_id` (default), `device_id` or `alias:<label>`.',
  }),
  COHORT_SEGMENTS: cohortSegments().optional().register(notes, {
    about:
      'Braze segments whose only filter is a cohort, by API identifier: `12345:<segment ID>,678:<segment ID>`. Their sizes are read once a day with `BRAZE_ANALYTICS_KEY`, to find users that Braze has besides the members.',
  }),
  COHORT_PUSH_MAX: value.wholeNumber(1, 10_000).prefault('100').register(notes, {
    about:
      'Most syncs created by pushed cohorts; pages of further cohorts get 429. Mixpanel allows 60 recurring syncs in a project.',
  }),
  MIXPANEL_QUERIES_PER_HOUR: value.wholeNumber(0, 1_000_000).prefault('60').register(notes, {
    about: 'Query API requests per hour; every page of a cohort uses one. 0 means no limit.',
  }),
};
