import type { StandingFailure } from '@braze-mixpanel/storage';
import { connectionOfQueue } from '../../backfill/backfill-queue.ts';
import { isDrift } from '../../cohorts/index.ts';
import { refusalsOf } from '../metrics/service-metrics.ts';
import type { ConnectionStatus } from '../status.ts';
import { type AlertName, bounds, refusingAnswers } from './alert-rules.ts';

/** What conditions are evaluated on, of one connection, or of its queue of back-filled events. */
export interface Observed {
  readonly connection: string;
  readonly status: ConnectionStatus;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Since when its Current fails; `undefined` where it does not. */
  readonly currents: Pick<StandingFailure, 'last' | 'code'> | undefined;
  /** Dead letters an hour ago, or as early in this hour as is recorded; where nothing is, the newest recorded minute, if any. */
  readonly deadLettersBefore: number | { readonly newest: string | undefined };
  /** Findings of the newest report of `reconcile`; `undefined` without any. */
  readonly differences: number | undefined;
}

/** A condition that holds: labels as in Prometheus, and the value of the expression. */
export interface Firing {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Conditions that hold, and reasons why that is not known. */
type Condition = (observed: Observed) => readonly (Firing | NotKnown)[];
interface NotKnown {
  readonly notKnown: string;
}

const only = (holds: boolean, connection: string, value: number): Firing[] =>
  holds ? [{ labels: { connection }, value }] : [];
/** Counts of a connection that is no longer configured are in storage; nothing happens to them. */
const isFormer = ({ status }: Observed): boolean => status.delivery === null;
const secondsSince = (at: string, now: number) => (now - Date.parse(at)) / 1_000;

const noSegment =
  'There are cohorts that were not compared with a segment of Braze yet: set COHORT_SEGMENTS for a comparison every day at 04:00 UTC.';

/** The reason why no minute of the last hour is recorded. */
const noMinute = (newest: string | undefined): string =>
  newest === undefined
    ? 'No minute is recorded yet: the first one is when it has ended.'
    : "No minute of the last hour of the service's clock is recorded: the clock was moved or stood still, or the " +
      `service was not running. The newest recorded minute is ${newest.slice(0, 16).replace('T', ' ')} UTC.`;

/** The condition of each alert on the service's own state; a sentence where only Prometheus has what it needs. */
export const conditions: Readonly<Record<AlertName, Condition | string>> = {
  BrazeMixpanelSilent: 'Prometheus compares the silence with the usual gap between batches of a week.',
  BrazeMixpanelDiskFills: 'Prometheus extrapolates the free space of the last two hours.',
  BrazeMixpanelBacklogOld: ({ connection, status: { pending } }) => {
    const seconds = pending.oldestSeconds ?? 0;
    return only(seconds > bounds.backlogHours * 3_600, connection, seconds);
  },
  BrazeMixpanelRefusing: ({ connection, currents, now }) => {
    const isRefused = currents !== undefined && refusingAnswers.some(answer => answer === currents.code);
    return only(isRefused && now - currents.last < bounds.refusedMinutes * 60_000, connection, 1);
  },
  BrazeMixpanelDeadLettersGrow: observed => {
    if (isFormer(observed)) return [];
    const { connection, status, deadLettersBefore: before } = observed;
    if (typeof before !== 'number') return [{ notKnown: noMinute(before.newest) }];
    const more = Object.values(status.deadLettered).reduce((sum, count) => sum + count, 0) - before;
    return only(more > 0, connection, more);
  },
  BrazeMixpanelCohortLate: ({ connection, status: { cohorts }, now }) =>
    cohorts
      .filter(({ status, mode }) => status === 'active' && mode === 'dynamic')
      .map(sync => ({ sync, value: secondsSince(sync.lastSuccess ?? sync.created, now) }))
      .filter(({ sync, value }) => value > bounds.lateIntervals * sync.intervalSeconds)
      .map(({ sync: { cohort }, value }) => ({ labels: { connection, cohort }, value })),
  BrazeMixpanelCohortDrift: ({ connection, status: { cohorts } }) =>
    cohorts.flatMap(({ cohort, drift }): (Firing | NotKnown)[] => {
      if (drift === null) return [{ notKnown: noSegment }];
      if (drift.difference === null) return [{ notKnown: `Cohort ${cohort}: ${drift.why}` }];
      return isDrift(drift) ? [{ labels: { connection, cohort }, value: drift.difference }] : [];
    }),
  BrazeMixpanelCredentialsRefused: ({ connection, status }) =>
    Object.entries(refusalsOf(status))
      .filter(([, isRefused]) => isRefused)
      .map(([by]) => ({ labels: { connection, by }, value: 1 })),
  BrazeMixpanelDeadline: ({ connection, status: { findings } }) =>
    findings === null
      ? []
      : findings
          .filter(({ severity, deadline }) => severity === 'critical' && deadline !== null)
          .map(({ id }) => ({ labels: { connection, id }, value: 1 })),
  BrazeMixpanelFirstSeen: observed => {
    const { connection, status, now } = observed;
    if (status.firstSeen === null) return isFormer(observed) ? [] : [{ notKnown: 'Storage cannot be read.' }];
    return status.firstSeen
      .map(({ kind, name, at }) => ({ labels: { connection, kind, name }, value: secondsSince(at, now) }))
      .filter(({ value }) => value < bounds.newNameSeconds);
  },
  BrazeMixpanelCountsDiffer: observed => {
    const { connection, differences } = observed;
    // The report of a connection has the events of its back-fills.
    if (isFormer(observed) || connectionOfQueue(connection) !== connection) return [];
    return differences === undefined
      ? [{ notKnown: 'There is no daily report of reconcile yet: set RECONCILE_DAYS for one every day.' }]
      : only(differences > 0, connection, differences);
  },
  BrazeMixpanelDeletionStuck: observed => {
    const { connection, status } = observed;
    if (status.deletions === null) return isFormer(observed) ? [] : [{ notKnown: 'Storage cannot be read.' }];
    return Object.entries(status.deletions.stuck)
      .filter(([, count]) => count > 0)
      .map(([state, value]) => ({ labels: { connection, state }, value }));
  },
  BrazeMixpanelQuarantined: ({ connection, status: { quarantined } }) =>
    only(quarantined.batches > 0, connection, quarantined.batches),
};
