/**
 * The alerts of the service: `deploy/alerts.yaml` is generated from them, and `GET /api/alerts` evaluates them as
 * far as they can be known without Prometheus. Bounds that both use are named here.
 */
import { driftBounds } from '../../cohorts/index.ts';

interface RecordRule {
  readonly record: string;
  /** Lines of the file above the rule. */
  readonly comment?: string;
  readonly expr: string;
}

export interface AlertRule {
  readonly alert: string;
  readonly comment?: string;
  readonly expr: string;
  /** Time for which the condition must hold before Prometheus notifies. */
  readonly for?: string;
  readonly severity: 'critical' | 'warning' | 'info';
  /** With the placeholders of Prometheus: `{{ $labels.connection }}`, `{{ $value | humanizeDuration }}`. */
  readonly summary: string;
  readonly description: string;
  /** Page of the repository. */
  readonly runbook: `docs/operate/${string}.md`;
}

export const bounds = {
  /** Age of the oldest pending batch. */
  backlogHours: 6,
  /** Time after its first event for which a name is new. */
  newNameSeconds: 3_600,
  /** Time in which dead letters must not grow. */
  deadLettersHours: 1,
  /** Time after a refused batch for which the service counts as refusing. */
  refusedMinutes: 30,
  /** Sync intervals without a success. */
  lateIntervals: 2.5,
} as const;

/** Answers to Braze with status 503. */
export const refusingAnswers = ['storage_unavailable', 'backlog_full', 'too_busy'] as const;

export const alertRules = {
  BrazeMixpanelSilent: {
    comment:
      'At least an hour, because Braze flushes every 5 to 30 minutes; at most 60 hours, because Braze disables a Current that fails for 5 days.',
    expr: 'braze_mixpanel:currents_silence_seconds > clamp(3 * braze_mixpanel:currents_usual_silence_seconds, 3600, 216000)',
    for: '5m',
    severity: 'critical',
    summary: 'No Currents batches received on {{ $labels.connection }}',
    description:
      'The last batch was received {{ $value | humanizeDuration }} ago, several times the usual gap. Braze cannot resend lost batches, and disables a Current that fails for days.',
    runbook: 'docs/operate/silence.md',
  },
  BrazeMixpanelBacklogOld: {
    comment:
      'Braze retries a batch after 429 or 5XX for at least 24 hours (oldest documentation; newest: 5 days). A backlog of 6 hours leaves a working day before it reaches its limit and batches get 503, and a day more before Braze drops them.',
    expr: `max by (connection) (braze_mixpanel_backlog_age_seconds) > ${bounds.backlogHours} * 3600`,
    for: '5m',
    severity: 'critical',
    summary: 'Events on {{ $labels.connection }} are not reaching Mixpanel',
    description:
      'Oldest event has been waiting {{ $value | humanizeDuration }}. No events are lost while there is disk space.',
    runbook: 'docs/operate/mixpanel-is-down.md',
  },
  BrazeMixpanelRefusing: {
    expr: `sum by (connection) (increase(braze_mixpanel_currents_request_duration_seconds_count{answer=~"${refusingAnswers.join('|')}"}[${bounds.refusedMinutes}m])) > 0`,
    for: '10m',
    severity: 'critical',
    summary: 'Batches on {{ $labels.connection }} get 503',
    description: 'The service rejects batches. Braze retries them for at least 24 hours, then drops them.',
    runbook: 'docs/operate/disk-fills.md',
  },
  BrazeMixpanelDiskFills: {
    expr: 'min by (storage) (braze_mixpanel:storage_hours_left) < 12',
    for: '10m',
    severity: 'critical',
    summary: 'Disk full in {{ $value | printf "%.1f" }} hours',
    description: 'On a full disk, batches get 503.',
    runbook: 'docs/operate/disk-fills.md',
  },
  BrazeMixpanelDeadLettersGrow: {
    expr: `max by (connection) (delta(braze_mixpanel_dead_letters[${bounds.deadLettersHours}h])) > 0`,
    severity: 'warning',
    summary: 'New dead letters on {{ $labels.connection }}',
    description: 'Some events could not be delivered. They are stored and can be corrected and replayed.',
    runbook: 'docs/operate/dead-letters-grow.md',
  },
  BrazeMixpanelCohortLate: {
    expr: `time() - ( max by (connection, cohort) (braze_mixpanel_cohort_last_success_timestamp_seconds) or max by (connection, cohort) (braze_mixpanel_cohort_created_timestamp_seconds) ) > ${bounds.lateIntervals} * max by (connection, cohort) (braze_mixpanel_cohort_interval_seconds)`,
    for: '10m',
    severity: 'warning',
    summary: 'Cohort {{ $labels.cohort }} on {{ $labels.connection }} is out of date in Braze',
    description:
      'Last successful sync {{ $value | humanizeDuration }} ago (or its creation, if none succeeded). Reading or sending fails, a change waits for confirmation, or Mixpanel no longer pushes the cohort.',
    runbook: 'docs/operate/cohort-looks-wrong.md',
  },
  BrazeMixpanelCohortDrift: {
    comment:
      "Braze's size of a segment is an estimate, and a day old at most: a small difference is none. It is read at 04:00 UTC; without a new one, the last holds.",
    expr: `max by (connection, cohort) (braze_mixpanel_cohort_segment_users) - max by (connection, cohort) (braze_mixpanel_cohort_segment_members) > clamp_min(${driftBounds.part} * max by (connection, cohort) (braze_mixpanel_cohort_segment_members), ${driftBounds.users})`,
    for: '15m',
    severity: 'warning',
    summary:
      'The segment of cohort {{ $labels.cohort }} on {{ $labels.connection }} has more users than the cohort',
    description:
      'Braze has at least about {{ $value }} users in the segment who are no members in Mixpanel. Messages to the segment reach them too.',
    runbook: 'docs/operate/cohort-drift.md',
  },
  BrazeMixpanelCredentialsRefused: {
    expr: 'max by (connection, by) (braze_mixpanel_credentials_refused) == 1',
    for: '5m',
    severity: 'critical',
    summary: 'Credentials rejected on {{ $labels.connection }} ({{ $labels.by }})',
    description: 'Check credentials, address and project. No events are lost while there is disk space.',
    runbook: 'docs/operate/rotate-a-key.md',
  },
  BrazeMixpanelDeadline: {
    comment: 'The service decides when a deadline is critical: docs/operate/deadlines.md.',
    expr: 'max by (connection, id) ( braze_mixpanel_deadlines{severity="critical"} and braze_mixpanel_deadline_timestamp_seconds{severity="critical"} ) == 1',
    for: '5m',
    severity: 'critical',
    summary: 'Deadline {{ $labels.id }} on {{ $labels.connection }} is near or over',
    description: 'The findings of the connection in /status say when, and what to do.',
    runbook: 'docs/operate/deadlines.md',
  },
  BrazeMixpanelFirstSeen: {
    comment:
      'A new name is no incident: the events are delivered as CURRENTS_UNKNOWN and CURRENTS_SEND_UNLISTED say.',
    expr: `time() - max by (connection, kind, name) (braze_mixpanel_first_seen_timestamp_seconds) < ${bounds.newNameSeconds}`,
    severity: 'info',
    summary: 'New {{ $labels.kind }} on {{ $labels.connection }}',
    description:
      '{{ $labels.name }} is not in the catalogue version of the connection: a newer version may have it.',
    runbook: 'docs/operate/new-names.md',
  },
  BrazeMixpanelCountsDiffer: {
    comment:
      'The newest daily report; it lacks the last two days of which Braze and Mixpanel may still send counts.',
    expr: 'max by (connection) (braze_mixpanel_reconcile_findings) > 0',
    for: '15m',
    severity: 'warning',
    summary: 'Counts differ without a cause on {{ $labels.connection }}',
    description:
      'The newest report has {{ $value }} counts of an event and day with a larger unexplained part than RECONCILE_THRESHOLD.',
    runbook: 'docs/operate/counts-differ.md',
  },
  BrazeMixpanelDeletionStuck: {
    comment:
      'Requests that Mixpanel did not accept for a day, tasks of more than 30 days, and failures of the last 14 days.',
    expr: 'max by (connection, state) (braze_mixpanel_user_deletions_stuck) > 0',
    for: '15m',
    severity: 'warning',
    summary: 'Forgotten users are not deleted in Mixpanel ({{ $labels.connection }})',
    description:
      '{{ $value }} deletions in state {{ $labels.state }} need a look: npm run service -- receipts lists them, with the reasons.',
    runbook: 'docs/operate/deletions-stuck.md',
  },
  BrazeMixpanelQuarantined: {
    expr: 'max by (connection) (braze_mixpanel_quarantined_batches) > 0',
    for: '5m',
    severity: 'warning',
    summary: 'Quarantined batches on {{ $labels.connection }}',
    description:
      'The service crashed three times while delivering them. They stay undelivered until an operator releases them.',
    runbook: 'docs/operate/quarantined-batches.md',
  },
} as const satisfies Readonly<Record<string, Omit<AlertRule, 'alert'>>>;

export type AlertName = keyof typeof alertRules;

const recordsBefore: Partial<Record<AlertName, readonly RecordRule[]>> = {
  BrazeMixpanelSilent: [
    {
      record: 'braze_mixpanel:currents_silence_seconds',
      comment:
        "Time since a connection's last batch, also right after a restart, before the new process has received one.",
      expr: 'time() - max by (connection) (max_over_time(braze_mixpanel_currents_last_batch_timestamp_seconds[7d]))',
    },
    {
      record: 'braze_mixpanel:currents_usual_silence_seconds',
      comment:
        'The usual gap: the 90th percentile over a week. The week ends a day ago, so that a long silence does not become the usual gap.',
      expr: 'quantile_over_time(0.9, braze_mixpanel:currents_silence_seconds[7d] offset 1d) or quantile_over_time(0.9, braze_mixpanel:currents_silence_seconds[7d])',
    },
  ],
  BrazeMixpanelDiskFills: [
    {
      record: 'braze_mixpanel:storage_hours_left',
      comment: 'Extrapolated from the last two hours; the service keeps 64 MB free.',
      expr: '(braze_mixpanel_storage_free_bytes - 64 * 1024 * 1024) / clamp_min(-deriv(braze_mixpanel_storage_free_bytes[2h]) * 3600, 1)',
    },
  ],
};

/** All rules in the order of `deploy/alerts.yaml`. */
export function rulesOfPrometheus(): (RecordRule | AlertRule)[] {
  return Object.entries(alertRules).flatMap(([alert, rule]) => [
    ...(recordsBefore[alert as AlertName] ?? []),
    { alert, ...rule },
  ]);
}
