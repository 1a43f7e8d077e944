import { cohortAttribute } from '@braze-mixpanel/core/braze';
import { acceptedMembers, newestTarget } from '@braze-mixpanel/core/cohorts';
import type { CohortErrorCode } from '../../errors/cohort-errors.ts';
import { sentenceOf } from '../cohort-error.ts';
import {
  cohortName,
  lastRightAt,
  type RunReport,
  type SyncRecord,
  type UnmatchedBecause,
  unmatchedOf,
} from './sync-record.ts';
import type { SyncRunner } from './sync-runner.ts';

/** A sync as `/api/cohorts` and `/status` show it. Times are ISO-8601; `null` is "not known" or "not planned". */
export interface SyncJson {
  readonly id: string;
  readonly connection: string;
  readonly cohort: string;
  readonly name: string;
  readonly mode: string;
  readonly source: string;
  readonly sink: string;
  /** The boolean attribute in Braze, where the sink is `track`. */
  readonly attribute: string | null;
  readonly status: string;
  readonly running: boolean;
  readonly intervalSeconds: number;
  readonly nextRun: string | null;
  readonly created: string;
  /** When every change was last sent and answered; `openMembers` says what Braze did not accept. `null` before the first time. */
  readonly lastSuccess: string | null;
  /** When Mixpanel last pushed it whole or in part, an empty difference too. */
  readonly lastPush: string | null;
  /** Different users in Mixpanel's newest word; two profiles of one user are one. */
  readonly mixpanelMembers: number | null;
  /** The same as Mixpanel lists and counts it: profiles. `null` before a full list. */
  readonly mixpanelProfiles: number | null;
  /** The moment of both. */
  readonly mixpanelReadAt: string | null;
  /** Members of the list that was last sent to its end. */
  readonly sentMembers: number;
  /** Of these, members that Braze accepted. It accepts and ignores those it has no user for. */
  readonly brazeMembers: number;
  /** Members whose last change, joining or leaving, Braze refused or did not confirm: they are sent again with the next list or run. */
  readonly openMembers: number;
  /** The moment of which `sentMembers`, `brazeMembers` and `openMembers` are. */
  readonly brazeMembersAt: string | null;
  /**
   * Of `confirmedOf` members that were read back from Braze at `confirmedAt`, those who are there as they were sent: a sample of the last
   * changes. `null`: not known, and `confirmedWhy` says why.
   */
  readonly confirmedMembers: number | null;
  readonly confirmedOf: number | null;
  readonly confirmedAt: string | null;
  readonly confirmedWhy: string | null;
  readonly unmatched: number;
  /** Why they are unmatched; the counts add up to `unmatched`. */
  readonly unmatchedBecause: UnmatchedBecause;
  /** What of members' ids looks like a placeholder, as this process has seen it: the first few. They are sent all the same. */
  readonly placeholderIds: readonly string[];
  /** A target that empties or more than halves the cohort waits for `confirm`. */
  readonly held: { readonly from: number; readonly to: number } | null;
  /** A target was begun and is not finished. */
  readonly interrupted: boolean;
  readonly problem: { readonly code: CohortErrorCode; readonly message: string; readonly at: string } | null;
}

export function syncJson({
  sync,
  running,
  nextRunAt,
  problem,
}: Pick<SyncRunner, 'running' | 'nextRunAt' | 'problem'> & {
  sync: { record: SyncRecord; placeholderIds: readonly string[] };
}): SyncJson {
  const { record } = sync;
  const { known, waiting, applying } = record.state;
  const newest = newestTarget(record.state);
  const rightAt = lastRightAt(record);
  const unmatchedBecause = unmatchedOf(record);
  const unmatched = (newest?.unmatched ?? 0) + record.withoutId;
  return {
    id: record.id,
    connection: record.connection,
    cohort: record.cohort,
    name: cohortName(record).name,
    mode: record.mode,
    source: record.source,
    sink: record.sink,
    attribute: record.sink === 'track' ? cohortAttribute(record.cohort) : null,
    status: record.status,
    running: running !== undefined,
    intervalSeconds: record.intervalMs / 1_000,
    nextRun: nextRunAt === undefined ? null : time(nextRunAt),
    created: time(record.createdAt),
    lastSuccess: rightAt === undefined ? null : time(rightAt),
    lastPush: record.source === 'webhook' && record.pushedAt !== undefined ? time(record.pushedAt) : null,
    mixpanelMembers: newest ? newest.members + unmatched : null,
    mixpanelProfiles: record.profiles ?? null,
    mixpanelReadAt: record.readAt === undefined ? null : time(record.readAt),
    sentMembers: known?.members ?? 0,
    brazeMembers: acceptedMembers(record.state),
    openMembers: record.state.unknown.length,
    brazeMembersAt: record.acceptedAt === undefined ? null : time(record.acceptedAt),
    ...confirmedJson(record),
    unmatched,
    unmatchedBecause,
    placeholderIds: sync.placeholderIds,
    held: waiting?.held ? { from: known?.members ?? 0, to: waiting.target.members } : null,
    interrupted: applying !== undefined && running === undefined,
    problem: problem ? { code: problem.code, message: sentenceOf(problem), at: time(problem.at) } : null,
  };
}

function confirmedJson({ sink, readBack, acceptedAt }: SyncRecord) {
  const seen = readBack?.seen;
  const yet = acceptedAt === undefined ? 'nothing was sent yet' : 'not read back yet';
  const why = sink === 'partner' ? 'Braze exports no members of partner cohorts' : (readBack?.why ?? yet);
  return {
    confirmedMembers: seen?.confirmed ?? null,
    confirmedOf: seen?.of ?? null,
    confirmedAt: seen ? time(seen.at) : null,
    confirmedWhy: seen && readBack.why === undefined ? null : why,
  };
}

/** A run as its sync's history shows it. */
export type RunJson = ReturnType<typeof reportJson>;

export function reportJson({ problem, startedAt, finishedAt, ...report }: RunReport & { id: number }) {
  return {
    ...report,
    sent: report.sent ?? report.added + report.removed + report.refused,
    unproven: report.unproven ?? 0,
    accepted: report.added + report.removed,
    confirmed: report.confirmed ?? null,
    readBack: report.readBack ?? null,
    mixpanelProfiles: report.mixpanelProfiles ?? null,
    mixpanelReadAt: report.mixpanelReadAt === undefined ? null : time(report.mixpanelReadAt),
    startedAt: time(startedAt),
    finishedAt: time(finishedAt),
    problem: problem ? { code: problem.code, message: sentenceOf(problem) } : null,
  };
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
