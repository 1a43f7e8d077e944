import { catalogueVersions } from '@braze-mixpanel/core/currents';
import { z } from 'zod';
import { cohortList } from './cohort-list.ts';
import { cohortMatch, cohortMatchAs } from './cohort-match.ts';
import { defaultCatalogueVersion } from './default-catalogue-version.ts';
import * as value from './values.ts';

/**
 * Every setting of the service, once: its name, its kind, its default, what it is for. The environment, the YAML file,
 * the refusal, the printed configuration and the table in `docs/configuration.md` all follow from these two shapes.
 */
export interface SettingNotes {
  readonly about: string;
  /** Never printed; may also be given as `<NAME>_FILE`, the path of a file that holds it. */
  readonly secret?: true;
}

export const notes = z.registry<SettingNotes>();

/** Settings of the process. */
export const serviceShape = {
  HOST: value.text().prefault('127.0.0.1').register(notes, { about: 'Address to listen on.' }),
  PORT: value
    .wholeNumber(0, 65_535)
    .prefault('4000')
    .register(notes, { about: 'Port to listen on; 0 takes any free one.' }),
  STORAGE_URL: value.storageUrl().prefault('sqlite:./data/service.db').register(notes, {
    about:
      'Where everything is kept: `sqlite:<path>`, or `postgres://user:password@host:5432/database` for several replicas ([storage.md](storage.md)). Of the disk of SQLite 64 MB are left free, so that deliveries can end; below that, batches are answered 503.',
    secret: true,
  }),
  BODY_LIMIT: value
    .size('1kb', '100mb')
    .prefault('10mb')
    .register(notes, { about: 'Largest request body, counted after decompression; larger ones get 413.' }),
  MAX_EVENTS_PER_REQUEST: value.wholeNumber(1, 1_000_000).prefault('10000').register(notes, {
    about:
      'Most events in one body of Currents; more get 413, and Braze splits them. Braze sends about a hundred: this bounds what one request can cost.',
  }),
  ADMIN_TOKEN: value.secrets().optional().register(notes, {
    about:
      'Bearer token of `/api/*`, to read and to change; without it `/api/*` is off. Comma-separated: old and new one during a change.',
    secret: true,
  }),
  VIEWER_TOKEN: value.secrets().optional().register(notes, {
    about:
      'Bearer token that reads `/api/*` and changes nothing; where it is set, `/status` and `/metrics` ask for it (or the admin token) too.',
    secret: true,
  }),
  DELIVERED_RETENTION: value.duration('0s', '90d', '24h').prefault('0s').register(notes, {
    about:
      'How long the bodies of batches are kept after their delivery, for `trace`; `0s` keeps none. Counters stay in any case.',
  }),
  DEAD_LETTER_RETENTION: value.retention('1h').prefault('forever').register(notes, {
    about: 'How long dead letters are kept; then they count as skipped, `expired`. A duration or `forever`.',
  }),
  AUDIT_RETENTION: value.retention('1d').prefault('400d').register(notes, {
    about: 'How long entries of the audit log are kept. A duration or `forever`.',
  }),
  DAY_COUNT_RETENTION: value.retention('1d').prefault('400d').register(notes, {
    about: 'How long counts per event and day are kept, for `compare`. A duration or `forever`.',
  }),
  COHORT_PAGE_RETENTION: value.duration('6h', '30d', '24h').prefault('24h').register(notes, {
    about:
      'How long pages of a pushed or read cohort are kept when no further page of their session comes. A pushed session is complete within minutes, or never; a cohort that is read may wait for hours between two pages.',
  }),
  LOG_LEVEL: value
    .oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .prefault('info')
    .register(notes, { about: 'Least level that is logged, to standard error, as JSON lines.' }),
  CLOCK_URL: value.clockAddress().optional().register(notes, {
    about:
      'The `/_sim/clock` of a simulator that cohort schedules follow. Refused beside a real vendor address.',
  }),
  DELIVERY_CONCURRENCY: value.wholeNumber(1, 20).prefault('10').register(notes, {
    about:
      'Most requests to Mixpanel in flight at once, per connection; how many it is follows the answers, down to one while Mixpanel is in trouble.',
  }),
  DELIVERY_TIMEOUT: value
    .duration('100ms', '5m', '30s')
    .prefault('30s')
    .register(notes, { about: 'How long a request to Mixpanel may take before it counts as lost.' }),
  DELIVERY_RETRY_BASE: value.duration('1ms', '1m', '2s').prefault('2s').register(notes, {
    about:
      'First wait after a failed request; it doubles with every further one. Jitter is half to two and a half times this.',
  }),
  DELIVERY_RETRY_MAX: value
    .duration('1ms', '1h', '60s')
    .prefault('60s')
    .register(notes, { about: 'Longest wait between attempts, before jitter.' }),
  DELIVERY_PARK: value.duration('1ms', '1h', '5m').prefault('5m').register(notes, {
    about: 'Wait before the next attempt while Mixpanel refuses the credentials or the address.',
  }),
  DELIVERY_LEASE: value.duration('1s', '1h', '60s').prefault('60s').register(notes, {
    about:
      'With several replicas: how long the batches that one had in hand when it died wait for another. Prolonged while it lives.',
  }),
  PUBLIC_URL: value.origin().optional().register(notes, {
    about: 'Origin at which Braze and Mixpanel reach this service; `doctor` then tries it from outside.',
  }),
  SHUTDOWN_GRACE: value
    .duration('0s', '10m', '10s')
    .prefault('10s')
    .register(notes, { about: 'How long requests in flight may take to finish after SIGTERM.' }),
};

/** Settings of one connection: one Current into one Mixpanel project, and that project's cohorts into one Braze workspace. */
export const connectionShape = {
  CURRENTS_TOKEN: value.secrets().optional().register(notes, {
    about:
      'Bearer token that Braze sends. Comma-separated: old and new one during a change. Required unless HOST is a loopback address.',
    secret: true,
  }),
  CURRENTS_EVENTS: value.list().optional().register(notes, {
    about: 'Event types or Mixpanel event names to export, comma-separated; all when not set.',
  }),
  CURRENTS_REDACT: value.list().optional().register(notes, {
    about:
      'Fields that are taken out of every event before it is stored, comma-separated paths: `properties.ip_address,properties.products.*.note`; see docs/privacy.md.',
  }),
  CURRENTS_GENERATION: value
    .oneOf([...catalogueVersions.keys()])
    .prefault(defaultCatalogueVersion)
    .register(notes, { about: 'Catalogue of event and property names.' }),
  CURRENTS_SEND_UNLISTED: value
    .flag()
    .prefault('false')
    .register(notes, { about: 'Send properties that the catalogue does not list as well.' }),
  DELIVERY_MODE: value.oneOf(['live', 'hold', 'shadow']).prefault('live').register(notes, {
    about:
      '`shadow` maps and checks the batches that come from now on, counts them per event and day, and sends nothing; `hold` keeps what comes and sends nothing for now.',
  }),
  BACKLOG_MAX_BYTES: value.size('1mb', '1000gb').prefault('10gb').register(notes, {
    about:
      'Largest backlog of undelivered batches; above it Currents get 503 until a fifth of it is delivered.',
  }),
  BACKLOG_MAX_AGE: value.duration('1m', '365d', '24h').optional().register(notes, {
    about:
      'Oldest backlog while Mixpanel is away or refuses; above it Currents get 503. Not bounded when not set: what is stored here is safer than what waits at Braze.',
  }),
  MIXPANEL_SERVICE_ACCOUNT: value.text().optional().register(notes, {
    about: 'User name of a service account (preferred; needs the secret and the project id).',
  }),
  MIXPANEL_SERVICE_SECRET: value
    .secret()
    .optional()
    .register(notes, { about: 'Secret of the service account.', secret: true }),
  MIXPANEL_PROJECT_ID: value.digits().optional().register(notes, { about: 'Id of the Mixpanel project.' }),
  MIXPANEL_TOKEN: value.secret().optional().register(notes, {
    about: 'Project token: imports events where no service account is given.',
    secret: true,
  }),
  MIXPANEL_API_SECRET: value.secret().optional().register(notes, {
    about: 'Project API secret: the last resort, Mixpanel retires it in March 2027.',
    secret: true,
  }),
  MIXPANEL_REGION: value
    .oneOf(['us', 'eu', 'in'])
    .prefault('us')
    .register(notes, { about: "Where the project's data lives; decides both addresses below." }),
  MIXPANEL_API_URL: value
    .origin()
    .optional()
    .register(notes, { about: "Origin for `/import`; the region's when not set." }),
  MIXPANEL_QUERY_URL: value
    .origin()
    .optional()
    .register(notes, { about: "Origin for `/api/query/…`; the region's when not set." }),
  MIXPANEL_EXPORT_URL: value.origin().optional().register(notes, {
    about:
      "Origin for the raw export `/api/2.0/export`, which `compare` reads; MIXPANEL_QUERY_URL where that is set, else the region's.",
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
      'Partner key, which Braze gives to integration partners only; with the data import key: the cohort import.',
    secret: true,
  }),
  BRAZE_REST_API_KEY: value.secret().optional().register(notes, {
    about: 'REST API key with `users.track`: cohorts become boolean attributes.',
    secret: true,
  }),
  COHORTS: cohortList().optional().register(notes, {
    about: 'Mixpanel cohorts to keep in Braze: `12345:dynamic,678:one-time`.',
  }),
  COHORT_SYNC_INTERVAL: value
    .duration('1m', '30d', '2h')
    .prefault('2h')
    .register(notes, { about: 'How often dynamic cohorts are compared and sent.' }),
  COHORT_RESEND_INTERVAL: value.duration('1m', '365d', '7d').prefault('7d').register(notes, {
    about: 'How often a cohort is sent in full, for users that Braze did not know before.',
  }),
  COHORT_MATCH: cohortMatch().optional().register(notes, {
    about:
      'What identifies a Braze user: `distinct_id` or the name of a profile property. When not set: `$braze_external_id`, and `distinct_id` for profiles without it.',
  }),
  COHORT_MATCH_AS: cohortMatchAs().optional().register(notes, {
    about:
      'What the property of `COHORT_MATCH` holds: `external_id` (the default), `device_id` or `alias:<label>`.',
  }),
  COHORT_PUSH_MAX: value.wholeNumber(1, 10_000).prefault('100').register(notes, {
    about:
      'Most cohorts that get a sync because Mixpanel pushes them; a page of one more is answered 429. Mixpanel itself has up to 60 recurring syncs a project.',
  }),
  MIXPANEL_QUERIES_PER_HOUR: value.wholeNumber(0, 1_000_000).prefault('60').register(notes, {
    about: 'Budget of the query API, which every page of a cohort takes from; 0 means no bound.',
  }),
};
