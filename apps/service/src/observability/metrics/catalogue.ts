import { deadReasons, skipReasons } from '@braze-mixpanel/core/mapping';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Prefix of every metric of the service. Metrics of Node.js and of the process keep their usual names. */
const prefix = 'braze_mixpanel_';

const requestSeconds = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/**
 * Label values that exist from the first scrape on, so that the first event with a reason shows as an
 * increase.
 */
export const reasons = {
  skipped: Object.keys(skipReasons),
  dead: [...Object.keys(deadReasons), 'refused_by_mixpanel'],
};

export const deliveryStates = ['idle', 'waiting', 'delivering', 'retrying', 'parked', 'held'] as const;
export const refusers = ['mixpanel_import', 'mixpanel_query', 'braze'] as const;

export type Catalogue = ReturnType<typeof catalogue>;

/**
 * The metric catalogue: name, type, labels and help text of every metric, in a registry of its own. The table
 * in `docs/operate/metrics.md` is generated from it.
 *
 * The number of label values is bounded: connections come from the configuration, reasons, states and error
 * codes from catalogues, exclusions from the configuration, `answer` is an HTTP status, and only the first `mostCohorts` cohorts have metrics.
 * A connection has at most 200 names first seen, of event types and properties. User ids and credentials are
 * never labels.
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
  const table = ['connection', 'table'] as const;

  return {
    registry,
    accepted: counter('events_accepted_total', 'Events written to storage and acknowledged to Braze.', per),
    imported: counter('events_imported_total', 'Events imported by Mixpanel.', per),
    skipped: counter('events_skipped_total', 'Events skipped on purpose, by reason.', [...per, 'reason']),
    excluded: counter(
      'events_excluded_total',
      'Of the events skipped as `excluded`, by exclusion of CURRENTS_EXCLUDE; the 100 with most events.',
      [...per, 'rule'],
    ),
    deadLetters: gauge(
      'dead_letters',
      'Undeliverable events in storage, by reason; a replay or a purge lowers the count.',
      [...per, 'reason'],
    ),
    notes: counter(
      'mapping_notes_total',
      'Events with a mapping note, by kind of note; the events are delivered.',
      [...per, 'note'],
    ),
    backlogBatches: gauge('backlog_batches', 'Batches waiting for delivery or being delivered.', per),
    backlogEvents: gauge('backlog_events', 'Events in those batches.', per),
    backlogEarly: gauge(
      'backlog_early_events',
      'Of these events, those with a time in the future; they are sent at that time.',
      per,
    ),
    backlogBytes: gauge('backlog_bytes', 'Size of those batches, as received.', per),
    backlogAge: gauge(
      'backlog_age_seconds',
      'Time since the oldest of those batches was accepted; 0 when there is none.',
      per,
    ),
    unexplainedEvents: gauge(
      'reconcile_unexplained_events',
      'Events that no cause explains, in the newest report of `reconcile`; of the replica that makes the daily reports.',
      per,
    ),
    unexplainedRatio: gauge(
      'reconcile_unexplained_ratio',
      'The same as a part of the accepted events of that report.',
      per,
    ),
    reconcileFindings: gauge(
      'reconcile_findings',
      'Counts of an event and day in that report whose unexplained part is above RECONCILE_THRESHOLD.',
      per,
    ),
    reconcileNotKnown: gauge('reconcile_not_known', 'Reasons why columns of that report are not known.', per),
    quarantined: gauge(
      'quarantined_batches',
      'Batches excluded from delivery because the process crashed repeatedly while delivering them; an operator can release them.',
      per,
    ),
    refusing: gauge('currents_refusing', '1 while the backlog is over its limit and batches get 503.', per),
    batches: counter(
      'currents_batches_total',
      'Batches accepted by this process, without credential probes.',
      per,
    ),
    unknownVersions: counter(
      'currents_unknown_version_total',
      'Requests whose `Braze-Currents-Version` this process does not know; they are accepted, and the log has each value once.',
      per,
    ),
    lastBatch: gauge(
      'currents_last_batch_timestamp_seconds',
      'UNIX time of the last batch accepted by this process; absent before the first.',
      per,
    ),
    currentsSeconds: seconds(
      'currents_request_duration_seconds',
      'Duration of requests from Braze, from the first byte to the end of the response. `answer` is `accepted`, `aborted` or an error code; `connection` is empty if it is not configured.',
      [...per, 'answer'],
    ),
    importSeconds: seconds(
      'import_request_duration_seconds',
      'Duration of requests to `/import` of Mixpanel. `answer` is the HTTP status, or `lost` without a complete response.',
      [...per, 'answer'],
    ),
    cohortSeconds: seconds(
      'cohort_request_duration_seconds',
      "Duration of cohort requests to `vendor`: Mixpanel's query API, or changes sent to Braze. `answer` as above.",
      [...per, 'vendor', 'answer'],
    ),
    pagesRefused: counter(
      'cohort_pages_refused_total',
      'Pages of pushed cohorts rejected by this process, by error code; `connection` is empty if it is not configured.',
      [...per, 'code'],
    ),
    deliveryState: gauge(
      'delivery_state',
      '1 for the current state of delivery to Mixpanel, 0 for the others.',
      [...per, 'state'],
    ),
    inFlight: gauge('import_units_in_flight', 'Delivery units being sent now.', per),
    atMost: gauge(
      'import_units_at_most',
      'Current limit of delivery units in flight, derived from recent responses.',
      per,
    ),
    failures: gauge(
      'import_failures_in_a_row',
      'Failures since the last success; 0 while delivery works.',
      per,
    ),
    lastImport: gauge(
      'import_last_success_timestamp_seconds',
      'UNIX time of the last successful import by this process; absent before the first.',
      per,
    ),
    credentialsRefused: gauge(
      'credentials_refused',
      '1 while a vendor rejects credentials, address or project; an operator must correct them.',
      [...per, 'by'],
    ),
    deadlines: gauge(
      'deadlines',
      '1 for each finding of a connection, and for each that is not verified: `findings` in `/status`.',
      [...per, 'id', 'severity'],
    ),
    deadlineAt: gauge(
      'deadline_timestamp_seconds',
      'UNIX time at which a key ends or data is lost; absent where that is not known.',
      [...per, 'id', 'severity'],
    ),
    firstSeen: gauge(
      'first_seen_timestamp_seconds',
      'UNIX time at which an unknown event type or an unlisted property (event type, space, property) was first seen, in the last 30 days; 200 names per connection at most.',
      [...per, 'kind', 'name'],
    ),
    tableRows: gauge(
      'lookup_table_rows',
      'Rows of a lookup table, as the service wrote it last; absent before the first time.',
      table,
    ),
    tableSuccess: gauge(
      'lookup_table_last_success_timestamp_seconds',
      'UNIX time at which a lookup table last had what Braze has; absent before the first time.',
      table,
    ),
    tablesFailing: gauge(
      'lookup_tables_failing',
      '1 while the last run did not update a lookup table; `/status` and the log have the reason.',
      per,
    ),
    deletions: gauge(
      'user_deletions',
      'Deletions of users in Mixpanel by state: `waiting` (not accepted yet), `followed` (accepted), `done` or `failed`.',
      [...per, 'state'],
    ),
    deletionsStuck: gauge(
      'user_deletions_stuck',
      'Of these, those that need a look: `waiting` (not accepted for a day), `followed` (for longer than the 30 days that Mixpanel documents) or `failed` (in the last 14 days).',
      [...per, 'state'],
    ),
    cohortMembers: gauge(
      'cohort_members',
      'Members of a cohort. `at` is `mixpanel` (unique users in the newest list; absent before the first), `mixpanel_profiles` (the same list counted in profiles, as Mixpanel shows it), `sent` (members of the last list sent completely) or `braze` (of these, accepted by Braze).',
      [...cohort, 'at'],
    ),
    cohortConfirmed: gauge(
      'cohort_confirmed_members',
      'Of `cohort_read_back_members`, those found in Braze as sent; absent without a read-back.',
      cohort,
    ),
    cohortReadBack: gauge(
      'cohort_read_back_members',
      'Members read back from Braze, a sample of the last changes; absent without a read-back.',
      cohort,
    ),
    cohortUnmatched: gauge('cohort_unmatched_members', 'Members that match no user in Braze.', cohort),
    cohortAttributeUpdates: counter(
      'cohort_attribute_updates_total',
      'Attribute updates of a cohort that Braze accepted, and bills as data points.',
      cohort,
    ),
    cohortAssignments: counter(
      'cohort_assignments_total',
      'Members that were added to or removed from the partner cohort.',
      cohort,
    ),
    cohortSegment: gauge(
      'cohort_segment_users',
      "Braze's estimate of the users in the segment of a cohort in `COHORT_SEGMENTS`, read once a day; absent where it is not known.",
      cohort,
    ),
    cohortSegmentMembers: gauge(
      'cohort_segment_members',
      'Members that Braze had accepted when `cohort_segment_users` was read; absent where that is not known.',
      cohort,
    ),
    cohortSuccess: gauge(
      'cohort_last_success_timestamp_seconds',
      'UNIX time at which the newest list of an active, dynamic cohort was last sent to Braze completely; absent before the first time.',
      cohort,
    ),
    cohortCreated: gauge(
      'cohort_created_timestamp_seconds',
      'UNIX time at which the sync of an active, dynamic cohort was created.',
      cohort,
    ),
    cohortPushed: gauge(
      'cohort_last_push_timestamp_seconds',
      'UNIX time at which Mixpanel last pushed a page of an active, dynamic cohort; absent for cohorts read with the query API.',
      cohort,
    ),
    cohortInterval: gauge('cohort_interval_seconds', 'Sync interval of an active, dynamic cohort.', cohort),
    cohortsLeftOut: gauge('cohorts_left_out', 'Cohorts without metrics, because there are too many.'),
    ready: gauge('ready', '1 while batches can be written to storage, as `/readyz` reports.'),
    storageFree: gauge(
      'storage_free_bytes',
      'Free space on the disk with the SQLite file; absent for PostgreSQL.',
      ['storage'],
    ),
    storageUsed: gauge('storage_used_bytes', 'Size of the SQLite files or of the PostgreSQL database.', [
      'storage',
    ]),
  };
}

/** Limit of cohorts with metrics. Mixpanel itself allows 60 recurring syncs in a project. */
export const mostCohorts = 500;

/** Limit of exclusions with metrics; a connection has 50 at most, and earlier ones keep their counts. */
export const mostRules = 100;

/** The metric catalogue as a Markdown table for the documentation. */
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
  return ['| Metric | Type | Labels | Meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
