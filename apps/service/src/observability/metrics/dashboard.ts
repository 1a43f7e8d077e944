import { catalogue } from './catalogue.ts';

/**
 * The dashboard for Grafana, `deploy/grafana-dashboard.json`: every metric of the catalogue is in a panel. Replicas
 * on one storage report the same event counts, so these take the maximum; metrics of requests are summed.
 */
interface PanelEntry {
  readonly title: string;
  /** Unit of Grafana. */
  readonly unit: 'short' | 's' | 'ms' | 'bytes' | 'cps' | 'percentunit' | 'dateTimeFromNow' | 'bool';
  /** Query and legend. */
  readonly queries: readonly (readonly [expr: string, legend: string])[];
  readonly kind?: 'timeseries' | 'stat' | 'table';
}

const ofConnection = 'connection=~"$connection"';
/** A counter of storage, per second. */
const rate = (metric: string, by: string) =>
  `max by (${by}) (rate(braze_mixpanel_${metric}{${ofConnection}}[$__rate_interval]))`;
/** A counter of each process, per second. */
const sumRate = (metric: string, by: string) =>
  `sum by (${by}) (rate(braze_mixpanel_${metric}{${ofConnection}}[$__rate_interval]))`;
const max = (metric: string, by: string) => `max by (${by}) (braze_mixpanel_${metric}{${ofConnection}})`;
const sum = (metric: string, by: string) => `sum by (${by}) (braze_mixpanel_${metric}{${ofConnection}})`;
const quantile = (metric: string, part: number, by: string) =>
  `histogram_quantile(${part}, sum by (le, ${by}) (rate(braze_mixpanel_${metric}_bucket{${ofConnection}}[$__rate_interval])))`;
/** UNIX seconds as Grafana's milliseconds. */
const moment = (metric: string, by: string) => `1000 * ${max(metric, by)}`;

const rows: Readonly<Record<string, readonly PanelEntry[]>> = {
  'Events of Braze into Mixpanel': [
    {
      title: 'Accepted and imported events',
      unit: 'cps',
      queries: [
        [rate('events_accepted_total', 'connection'), 'accepted {{connection}}'],
        [rate('events_imported_total', 'connection'), 'imported {{connection}}'],
      ],
    },
    {
      title: 'Backlog',
      unit: 'short',
      queries: [
        [max('backlog_events', 'connection'), 'events {{connection}}'],
        [max('backlog_batches', 'connection'), 'batches {{connection}}'],
        [max('backlog_early_events', 'connection'), 'ahead of their time {{connection}}'],
      ],
    },
    {
      title: 'Age of the oldest batch',
      unit: 's',
      queries: [[max('backlog_age_seconds', 'connection'), '{{connection}}']],
    },
    {
      title: 'Size of the backlog',
      unit: 'bytes',
      queries: [[max('backlog_bytes', 'connection'), '{{connection}}']],
    },
    {
      title: 'Dead letters, by reason',
      unit: 'short',
      queries: [[`${max('dead_letters', 'connection, reason')} > 0`, '{{connection}} {{reason}}']],
    },
    {
      title: 'Skipped and excluded events',
      unit: 'cps',
      queries: [
        [`${rate('events_skipped_total', 'connection, reason')} > 0`, '{{connection}} {{reason}}'],
        [rate('events_excluded_total', 'connection, rule'), 'excluded by {{rule}}'],
        [rate('mapping_notes_total', 'connection, note'), 'noted: {{note}}'],
      ],
    },
    {
      title: 'Quarantined batches',
      unit: 'short',
      queries: [[max('quarantined_batches', 'connection'), '{{connection}}']],
    },
    {
      title: 'New names, when first seen',
      unit: 'dateTimeFromNow',
      kind: 'table',
      queries: [[moment('first_seen_timestamp_seconds', 'connection, kind, name'), '']],
    },
  ],
  'Requests of Braze': [
    {
      title: 'Acknowledgement, 99th percentile',
      unit: 's',
      queries: [[quantile('currents_request_duration_seconds', 0.99, 'connection'), '{{connection}}']],
    },
    {
      title: 'Requests, by answer',
      unit: 'cps',
      queries: [[sumRate('currents_request_duration_seconds_count', 'connection, answer'), '{{answer}}']],
    },
    {
      title: 'Batches, and requests of an unknown version',
      unit: 'cps',
      queries: [
        [sumRate('currents_batches_total', 'connection'), 'batches {{connection}}'],
        [sumRate('currents_unknown_version_total', 'connection'), 'unknown version {{connection}}'],
      ],
    },
    {
      title: 'Last batch',
      unit: 'dateTimeFromNow',
      kind: 'stat',
      queries: [[moment('currents_last_batch_timestamp_seconds', 'connection'), '{{connection}}']],
    },
    {
      title: 'Refusing batches',
      unit: 'bool',
      kind: 'stat',
      queries: [[max('currents_refusing', 'connection'), '{{connection}}']],
    },
  ],
  'Delivery to Mixpanel': [
    {
      title: 'Import requests, 99th percentile',
      unit: 's',
      queries: [[quantile('import_request_duration_seconds', 0.99, 'connection'), '{{connection}}']],
    },
    {
      title: 'Import requests, by answer',
      unit: 'cps',
      queries: [[sumRate('import_request_duration_seconds_count', 'connection, answer'), '{{answer}}']],
    },
    {
      title: 'Units in flight, and their limit',
      unit: 'short',
      queries: [
        [sum('import_units_in_flight', 'connection'), 'in flight {{connection}}'],
        [sum('import_units_at_most', 'connection'), 'at most {{connection}}'],
      ],
    },
    {
      title: 'Failures in a row',
      unit: 'short',
      queries: [[max('import_failures_in_a_row', 'connection'), '{{connection}}']],
    },
    {
      title: 'State of the delivery',
      unit: 'short',
      queries: [[`${max('delivery_state', 'connection, state')} > 0`, '{{connection}} {{state}}']],
    },
    {
      title: 'Last import',
      unit: 'dateTimeFromNow',
      kind: 'stat',
      queries: [[moment('import_last_success_timestamp_seconds', 'connection'), '{{connection}}']],
    },
    {
      title: 'Credentials refused',
      unit: 'bool',
      kind: 'stat',
      queries: [[max('credentials_refused', 'connection, by'), '{{connection}} {{by}}']],
    },
    {
      title: 'Findings and deadlines',
      unit: 'dateTimeFromNow',
      kind: 'table',
      queries: [
        [max('deadlines', 'connection, id, severity'), ''],
        [moment('deadline_timestamp_seconds', 'connection, id, severity'), ''],
      ],
    },
  ],
  'Cohorts of Mixpanel into Braze': [
    {
      title: 'Members',
      unit: 'short',
      queries: [[max('cohort_members', 'connection, cohort, at'), '{{cohort}} {{at}}']],
    },
    {
      title: 'Members read back from Braze',
      unit: 'short',
      queries: [
        [max('cohort_confirmed_members', 'connection, cohort'), '{{cohort}} as sent'],
        [max('cohort_read_back_members', 'connection, cohort'), '{{cohort}} read'],
        [max('cohort_unmatched_members', 'connection, cohort'), '{{cohort}} without a user'],
      ],
    },
    {
      title: 'Time since the last success, in intervals',
      unit: 'short',
      queries: [
        [
          `(time() - (${max('cohort_last_success_timestamp_seconds', 'connection, cohort')} or ${max('cohort_created_timestamp_seconds', 'connection, cohort')})) / ${max('cohort_interval_seconds', 'connection, cohort')}`,
          '{{cohort}}',
        ],
      ],
    },
    {
      title: 'Changes that Braze accepted',
      unit: 'cps',
      queries: [
        [rate('cohort_attribute_updates_total', 'connection, cohort'), '{{cohort}} attribute updates'],
        [rate('cohort_assignments_total', 'connection, cohort'), '{{cohort}} assignments'],
      ],
    },
    {
      title: 'Requests, 99th percentile',
      unit: 's',
      queries: [[quantile('cohort_request_duration_seconds', 0.99, 'vendor'), '{{vendor}}']],
    },
    {
      title: 'Last page that Mixpanel pushed',
      unit: 'dateTimeFromNow',
      kind: 'stat',
      queries: [[moment('cohort_last_push_timestamp_seconds', 'connection, cohort'), '{{cohort}}']],
    },
    {
      title: 'Pages refused, and cohorts without metrics',
      unit: 'short',
      queries: [
        [sumRate('cohort_pages_refused_total', 'connection, code'), '{{code}}'],
        ['max(braze_mixpanel_cohorts_left_out)', 'cohorts without metrics'],
      ],
    },
  ],
  'Counts, storage and processes': [
    {
      title: 'Unexplained events of the newest report',
      unit: 'short',
      queries: [
        [max('reconcile_unexplained_events', 'connection'), 'events {{connection}}'],
        [max('reconcile_findings', 'connection'), 'counts above the threshold {{connection}}'],
        [max('reconcile_not_known', 'connection'), 'columns not known {{connection}}'],
      ],
    },
    {
      title: 'Unexplained part',
      unit: 'percentunit',
      queries: [[max('reconcile_unexplained_ratio', 'connection'), '{{connection}}']],
    },
    {
      title: 'Storage',
      unit: 'bytes',
      queries: [
        ['max by (storage) (braze_mixpanel_storage_used_bytes)', 'used {{storage}}'],
        ['min by (storage) (braze_mixpanel_storage_free_bytes)', 'free {{storage}}'],
      ],
    },
    { title: 'Ready', unit: 'bool', kind: 'stat', queries: [['min(braze_mixpanel_ready)', 'all replicas']] },
    {
      title: 'Memory of each process',
      unit: 'bytes',
      queries: [['process_resident_memory_bytes{job=~"$job"}', '{{instance}}']],
    },
    {
      title: 'CPU of each process',
      unit: 'percentunit',
      queries: [['rate(process_cpu_seconds_total{job=~"$job"}[$__rate_interval])', '{{instance}}']],
    },
  ],
};

/** Panels of the metrics that no other panel has. */
function others(): readonly PanelEntry[] {
  const used = JSON.stringify(rows);
  return catalogue()
    .registry.getMetricsAsArray()
    .filter(({ name }) => !used.includes(name))
    .map((metric): PanelEntry => {
      const { name, type, labelNames } = metric as unknown as {
        name: string;
        type: string;
        labelNames: readonly string[];
      };
      const short = name.replace('braze_mixpanel_', '');
      const by = labelNames.join(', ');
      const legend = labelNames.map(label => `{{${label}}}`).join(' ');
      if (type === 'counter') return { title: name, unit: 'cps', queries: [[sumRate(short, by), legend]] };
      return { title: name, unit: 'short', queries: [[max(short, by), legend]] };
    });
}

const width = 8;
const height = 7;
/** The data source that the user chooses: a variable of Grafana. */
const datasource = { type: 'prometheus', uid: '$datasource' };

/** The dashboard as Grafana imports it. */
export function dashboard() {
  let id = 0;
  let y = 0;
  const more = others();
  const all = { ...rows, ...(more.length > 0 && { 'Other metrics': more }) };
  const panels = Object.entries(all).flatMap(([title, entries]) => {
    const row = { id: ++id, type: 'row', title, collapsed: false, gridPos: { h: 1, w: 24, x: 0, y: y++ } };
    const own = entries.map((entry, index) => ({
      id: ++id,
      ...panelOf(entry),
      gridPos: {
        ...{ h: height, w: width, x: (index % 3) * width },
        y: y + Math.floor(index / 3) * height,
      },
    }));
    y += Math.ceil(entries.length / 3) * height;
    return [row, ...own];
  });
  return {
    title: 'Braze and Mixpanel',
    uid: 'braze-mixpanel',
    tags: ['braze', 'mixpanel'],
    schemaVersion: 39,
    editable: true,
    timezone: 'browser',
    time: { from: 'now-6h', to: 'now' },
    refresh: '1m',
    templating: {
      list: [
        { type: 'datasource', name: 'datasource', label: 'Data source', query: 'prometheus' },
        variable(
          'connection',
          'Connection',
          'label_values(braze_mixpanel_events_accepted_total, connection)',
        ),
        variable('job', 'Job', 'label_values(braze_mixpanel_ready, job)'),
      ],
    },
    panels,
  };
}

function panelOf({ title, unit, queries, kind = 'timeseries' }: PanelEntry) {
  return {
    type: kind,
    title,
    datasource,
    fieldConfig: { defaults: { unit, min: unit.startsWith('dateTime') ? null : 0 }, overrides: [] },
    targets: queries.map(([expr, legendFormat], index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource,
      ...{ expr, legendFormat },
      ...(kind === 'timeseries' ? {} : { instant: true }),
      ...(kind === 'table' && { format: 'table' }),
    })),
  };
}

const variable = (name: string, label: string, query: string) => ({
  ...{ type: 'query', name, label, datasource, query, definition: query },
  ...{ includeAll: true, allValue: '.*', multi: true, refresh: 2, sort: 1 },
  current: { text: 'All', value: '$__all' },
});
