import { deadReasons, skipReasons } from '@braze-mixpanel/core/mapping';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Every metric of the service begins with this; those of Node and of the process have the names that are usual for them. */
const prefix = 'braze_mixpanel_';

const requestSeconds = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** What exists from the first scrape on, so that a first event under a reason is seen as growth. */
export const reasons = {
  skipped: Object.keys(skipReasons),
  dead: [...Object.keys(deadReasons), 'refused_by_mixpanel'],
};

export const deliveryStates = ['idle', 'waiting', 'delivering', 'retrying', 'parked', 'held'] as const;
export const refusers = ['mixpanel_import', 'mixpanel_query', 'braze'] as const;

export type Catalogue = ReturnType<typeof catalogue>;

/**
 * Every metric, once, in a registry of its own: name, kind, labels, meaning. `docs/operate/metrics.md` is written from it.
 *
 * Label values are bounded: connections are configured, reasons, states and error codes are catalogues of ours, `answer` to a request of ours is an
 * HTTP status, and cohorts are cut at `mostCohorts`. Nothing that a user, an event or a credential is called is ever a label.
 */
export function catalogue() {
  const registry = new Registry();
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter({ name: prefix + name, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge({ name: prefix + name, help, labelNames, registers });
  const seconds = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Histogram({ name: prefix + name, help, labelNames, buckets: requestSeconds, registers });
  const per = ['connection'] as const;
  const cohort = ['connection', 'cohort'] as const;

  return {
    registry,
    accepted: counter(
      'events_accepted_total',
      'Events that were made durable and acknowledged to Braze.',
      per,
    ),
    imported: counter('events_imported_total', 'Events that Mixpanel imported.', per),
    skipped: counter('events_skipped_total', 'Events that are not meant to arrive, by reason.', [
      ...per,
      'reason',
    ]),
    deadLetters: gauge(
      'dead_letters',
      'Events that could not be delivered and are kept, by reason; a replay or a purge takes them away again.',
      [...per, 'reason'],
    ),
    notes: counter('mapping_notes_total', 'Remarks of the mapping, in events by kind; they lost nothing.', [
      ...per,
      'note',
    ]),
    backlogBatches: gauge('backlog_batches', 'Batches that wait for delivery, or are being delivered.', per),
    backlogEvents: gauge('backlog_events', 'Events in those batches.', per),
    backlogEarly: gauge(
      'backlog_early_events',
      'Of these events, those whose own time has not come; they are sent then.',
      per,
    ),
    backlogBytes: gauge('backlog_bytes', 'Size of those batches, as they came.', per),
    backlogAge: gauge(
      'backlog_age_seconds',
      'Time since the oldest of those batches was accepted; 0 when there is none.',
      per,
    ),
    quarantined: gauge(
      'quarantined_batches',
      'Batches that are not delivered, since the process died with them in hand again and again; an operator releases them.',
      per,
    ),
    refusing: gauge(
      'currents_refusing',
      '1 while the backlog is over its bound and batches are answered 503.',
      per,
    ),
    batches: counter(
      'currents_batches_total',
      'Batches that this process accepted; credential probes are none.',
      per,
    ),
    lastBatch: gauge(
      'currents_last_batch_timestamp_seconds',
      'When this process last accepted a batch, UNIX time; absent before the first one.',
      per,
    ),
    currentsSeconds: seconds(
      'currents_request_duration_seconds',
      'Requests of Braze, from their first byte to the end of the answer. `answer` is `accepted`, `aborted` or an error code; `connection` is empty for one that is not configured.',
      [...per, 'answer'],
    ),
    importSeconds: seconds(
      'import_request_duration_seconds',
      'Requests to `/import` of Mixpanel. `answer` is the HTTP status, or `lost` where no complete answer came.',
      [...per, 'answer'],
    ),
    cohortSeconds: seconds(
      'cohort_request_duration_seconds',
      "Requests about cohorts to `vendor`: reads of Mixpanel's query API, changes for Braze. `answer` as above.",
      [...per, 'vendor', 'answer'],
    ),
    pagesRefused: counter(
      'cohort_pages_refused_total',
      'Pages of pushed cohorts that this process refused, by error code; `connection` is empty for one that is not configured.',
      [...per, 'code'],
    ),
    deliveryState: gauge(
      'delivery_state',
      '1 for the state that delivery to Mixpanel is in, 0 for the others.',
      [...per, 'state'],
    ),
    inFlight: gauge('import_units_in_flight', 'Units of delivery that are being sent at this moment.', per),
    atMost: gauge('import_units_at_most', 'Units that the answers of late allow at once.', per),
    failures: gauge(
      'import_failures_in_a_row',
      'Failures since the last success; 0 while delivery flows.',
      per,
    ),
    lastImport: gauge(
      'import_last_success_timestamp_seconds',
      'When this process last saw Mixpanel import something, UNIX time; absent before.',
      per,
    ),
    credentialsRefused: gauge(
      'credentials_refused',
      '1 while a vendor refuses credentials, address or project, and an operator must correct them.',
      [...per, 'by'],
    ),
    cohortMembers: gauge(
      'cohort_members',
      'Members of a cohort: `at` is `mixpanel` (different users in its newest word; absent before the first), `mixpanel_profiles` (the same as Mixpanel counts it: profiles), `sent` (of the list last sent to its end) or `braze` (of these, accepted by Braze).',
      [...cohort, 'at'],
    ),
    cohortConfirmed: gauge(
      'cohort_confirmed_members',
      'Of `cohort_read_back_members`, those who are in Braze as they were sent; absent where nothing was read back.',
      cohort,
    ),
    cohortReadBack: gauge(
      'cohort_read_back_members',
      'Members that were read back from Braze, a sample of the last changes; absent where nothing was.',
      cohort,
    ),
    cohortUnmatched: gauge('cohort_unmatched_members', 'Members that match nobody in Braze.', cohort),
    cohortSuccess: gauge(
      'cohort_last_success_timestamp_seconds',
      'When the newest list of an active, dynamic cohort was last sent to Braze completely, UNIX time; absent before the first time.',
      cohort,
    ),
    cohortCreated: gauge(
      'cohort_created_timestamp_seconds',
      'When the sync of an active, dynamic cohort was made, UNIX time.',
      cohort,
    ),
    cohortPushed: gauge(
      'cohort_last_push_timestamp_seconds',
      'When Mixpanel last pushed a page of an active, dynamic cohort, UNIX time; absent for those that are read.',
      cohort,
    ),
    cohortInterval: gauge(
      'cohort_interval_seconds',
      'How often an active, dynamic cohort is to be synced.',
      cohort,
    ),
    cohortsLeftOut: gauge('cohorts_left_out', 'Cohorts over the number of those that metrics name.'),
    ready: gauge('ready', '1 while batches can be made durable, as `/readyz` says.'),
    storageFree: gauge(
      'storage_free_bytes',
      'Room left on the disk that SQLite storage lies on; absent for PostgreSQL, whose disk the service does not see.',
      ['storage'],
    ),
    storageUsed: gauge(
      'storage_used_bytes',
      'Size of storage: the files of SQLite, or the PostgreSQL database.',
      ['storage'],
    ),
  };
}

/** Cohorts that metrics name; Mixpanel itself has no more than 60 recurring syncs a project. */
export const mostCohorts = 500;

/** All of them as a Markdown table, for the documentation. */
export function metricsTable(): string {
  const rows = catalogue()
    .registry.getMetricsAsArray()
    .map(metric => {
      const { name, help, type, labelNames } = metric as unknown as {
        name: string;
        help: string;
        type: string;
        labelNames: string[];
      };
      return `| \`${name}\` | ${type} | ${labelNames.map(label => `\`${label}\``).join(', ')} | ${help} |`;
    });
  return ['| Metric | Kind | Labels | What it says |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
