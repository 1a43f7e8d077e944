import {
  acceptedMembers,
  initialState,
  newestTarget,
  nextDue,
  type SyncState,
} from '@braze-mixpanel/core/cohorts';
import type { Problem } from '../cohort-error.ts';
import { readableName } from '../cohort-name.ts';
import type { SinkKind, SourceKind, SyncMode } from '../connection.ts';
import type { Drift } from '../drift/drift.ts';
import type { StateCounts } from '../ledger/states.ts';
import type { CohortName } from '../sinks/sink.ts';
import type { ReadBackState } from './read-back-state.ts';

/**
 * Everything that is stored about one sync, as one document: its settings and its state. Times are
 * milliseconds since 1970 on the injected clock.
 */
export interface SyncRecord {
  /** `<connection>:<cohort id>`. */
  readonly id: string;
  readonly connection: string;
  /** Mixpanel's ID of the cohort, which is also its ID in Braze. */
  readonly cohort: string;
  readonly mode: SyncMode;
  readonly source: SourceKind;
  readonly sink: SinkKind;
  readonly intervalMs: number;
  /** Origin of the sync. One of the configuration is paused when the configuration no longer names it. */
  readonly origin: 'config' | 'api' | 'webhook';
  readonly createdAt: number;
  readonly status: SyncStatus;
  /** Name in Mixpanel, once known. */
  readonly name: string | undefined;
  /** The last name sent to Braze. */
  readonly nameInBraze: string | undefined;
  /** Next read through the query API. */
  readonly due: number;
  /** Earliest time of the next attempt after a failure, or after the budget was spent. */
  readonly retryAt: number | undefined;
  /** Failed runs in a row. */
  readonly failures: number;
  readonly problem: (Problem & { readonly at: number }) | undefined;
  /** Time at which the last target was sent completely, and so of the accepted members. */
  readonly acceptedAt?: number | undefined;
  /** What Braze accepted since the sync was created, or since a release that counts it. */
  readonly cost?: SentCounts | undefined;
  /** The last comparison with the size of a segment in Braze. */
  readonly drift?: Drift | undefined;
  /** Results of read-backs, and the sample that waits for one. */
  readonly readBack?: ReadBackState | undefined;
  /** End of the last run that left nothing to do; `lastRightAt` tells whether it counts. */
  readonly succeededAt: number | undefined;
  /** Time of the newest complete group of pushed pages, an empty one too. */
  readonly pushedAt: number | undefined;
  /** A read through the query API in progress. */
  readonly reading: Reading | undefined;
  /** Reads in a row whose session ended before its last page. */
  readonly lostSessions?: number | undefined;
  /** Number of the newest applied full list: groups that began before it are outdated. */
  readonly fullList: number | undefined;
  /**
   * Members of the newest list as Mixpanel counts them: profiles, of which several may be one user.
   * `undefined` before a full list.
   */
  readonly profiles?: number | undefined;
  /** Time of Mixpanel's newest list: for a read, its beginning. */
  readonly readAt?: number | undefined;
  /** Members of the newest full list without any ID. */
  readonly withoutId: number;
  readonly state: SyncState<number>;
}

/**
 * `active` runs by itself; `paused` collects pushed pages, and sends nothing; `done` is a one-time sync that
 * has run.
 */
type SyncStatus = 'active' | 'paused' | 'done';

/** Changes that Braze accepted: attributes written on profiles, and assignments to a partner cohort. */
export interface SentCounts {
  readonly attributeUpdates: number;
  readonly assignments: number;
}

export interface Reading {
  /** Mixpanel's ID of the session from which pages are read. */
  readonly session: string;
  readonly pageSize: number;
  readonly total: number;
  readonly pages: number;
  /** Its beginning; a former release did not store it. */
  readonly at?: number;
}

/** The cause of a run. `read-back` only reads, and is no run of its own. */
export type Trigger = 'start' | 'schedule' | 'retry' | 'webhook' | 'manual' | 'confirm' | 'read-back';

/** The outcome of a run. */
type RunOutcome = 'sent' | 'unchanged' | 'held' | 'waiting' | 'failed' | 'confirmed' | 'contradicted';

/** One entry of a sync's history. Entries of older versions have neither `sent` nor `unproven`. */
export interface RunReport {
  readonly trigger: Trigger;
  readonly startedAt: number;
  finishedAt: number;
  outcome: RunOutcome;
  /** Sent changes: accepted ones (`added` and `removed`), refused ones, and unproven ones. */
  sent: number;
  /** Changes that Braze accepted. */
  added: number;
  removed: number;
  /** Changes that Braze refused by name. */
  refused: number;
  /** Changes about which no answer of Braze proves anything; they are sent again. */
  unproven: number;
  /** Of `readBack` users that were read back, those who are as they were sent; absent where none was read. */
  readonly confirmed?: number | undefined;
  readonly readBack?: number | undefined;
  requests: number;
  /** Boolean attributes written, which Braze bills; none through the partner import. */
  billedUpdates: number;
  /** Members added to or removed from a partner cohort; absent in entries of earlier releases. */
  assignments?: number;
  /** Counts by state at the end of the run; absent without a ledger. */
  states?: StateCounts | undefined;
  /** Whether it changed nothing, so that the ledger before it holds and it has none of its own. */
  keepsLedger?: true | undefined;
  /** Of the members that were read back, those that are no users of Braze; absent where none was read. */
  unknown?: number | undefined;
  /** Whether every member was sent, known or not. */
  fullSend: boolean;
  /** Members of the cohort at the end of the run: in Mixpanel's newest list, and accepted by Braze. */
  mixpanelMembers: number;
  /** Profiles in Mixpanel's list, and the time of both counts; a former release did not store them. */
  mixpanelProfiles?: number | undefined;
  mixpanelReadAt?: number | undefined;
  brazeMembers: number;
  unmatched: number;
  /** Absent in entries of earlier releases. */
  unmatchedBecause?: UnmatchedBecause;
  problem: Problem | undefined;
}

export function newRecord(
  wanted: Pick<SyncRecord, 'connection' | 'cohort' | 'mode' | 'source' | 'sink' | 'intervalMs' | 'origin'>,
  now: number,
): SyncRecord {
  return {
    id: syncId(wanted.connection, wanted.cohort),
    ...wanted,
    createdAt: now,
    status: 'active',
    name: undefined,
    nameInBraze: undefined,
    due: now,
    retryAt: undefined,
    failures: 0,
    problem: undefined,
    succeededAt: undefined,
    pushedAt: undefined,
    reading: undefined,
    fullList: undefined,
    withoutId: 0,
    state: initialState(),
  };
}

export function newReport(trigger: Trigger, startedAt: number): RunReport {
  return {
    trigger,
    startedAt,
    finishedAt: startedAt,
    outcome: 'unchanged',
    sent: 0,
    added: 0,
    removed: 0,
    refused: 0,
    unproven: 0,
    requests: 0,
    billedUpdates: 0,
    assignments: 0,
    fullSend: false,
    mixpanelMembers: 0,
    brazeMembers: 0,
    unmatched: 0,
    problem: undefined,
  };
}

/** Present members of the record, for a report. */
export function countedAt(record: SyncRecord) {
  const { state, withoutId, profiles, readAt } = record;
  const newest = newestTarget(state);
  const unmatched = (newest?.unmatched ?? 0) + withoutId;
  return {
    mixpanelMembers: (newest?.members ?? 0) + unmatched,
    mixpanelProfiles: profiles,
    mixpanelReadAt: readAt,
    brazeMembers: acceptedMembers(state),
    unmatched,
    unmatchedBecause: unmatchedOf(record),
  };
}

/** Wait after a failed run, doubled with every further one, up to the sync's interval. */
const firstRetryMs = 300_000;

export function retryDelayMs(failures: number, intervalMs: number): number {
  return Math.min(firstRetryMs * 2 ** Math.min(failures - 1, 20), intervalMs);
}

export function syncId(connection: string, cohort: string): string {
  return `${connection}:${cohort}`;
}

/** The next time at which the sync acts by itself, or `undefined`. */
export function wakeAt(record: SyncRecord, resendIntervalMs: number): number | undefined {
  if (record.status !== 'active') return undefined;
  if (record.retryAt !== undefined) return record.retryAt;
  if (record.source === 'query') return record.due;
  const { sentInFullAt } = record.state;
  return sentInFullAt === undefined || record.mode === 'one-time'
    ? undefined
    : sentInFullAt + resendIntervalMs;
}

/**
 * Time at which Mixpanel's newest list was last sent completely and Braze answered every change: after a run,
 * or a push without changes after it. Members that Braze refused may be open then: its answer is definite.
 * `undefined` as long as Braze has no complete target: a former release counted a run that only collected
 * pages as a success, and that time may still be stored.
 */
export function lastRightAt(record: SyncRecord): number | undefined {
  const { succeededAt, pushedAt = 0, problem, state } = record;
  if (succeededAt === undefined || state.known === undefined) return undefined;
  return problem === undefined && isRight(record) ? Math.max(succeededAt, pushedAt) : succeededAt;
}

/**
 * Whether the newest target was sent completely, though Braze may have refused some members, and no read-back
 * contradicted it. A run that only read, collected pages or was held is no success.
 */
export function isRight({ reading, readBack, state }: SyncRecord): boolean {
  const { known, applying, waiting } = state;
  if (known === undefined || readBack?.problem !== undefined) return false;
  return applying === undefined && waiting === undefined && reading === undefined;
}

/**
 * Intervals without a push that are a problem: Mixpanel pushes every cohort again and again, also without
 * changes.
 */
const silentIntervals = 3;

/** The problem of the last run or the last read-back. */
export function foundWrong({ problem, readBack }: SyncRecord): SyncRecord['problem'] {
  return problem ?? readBack?.problem;
}

/**
 * The present problem of the sync: its last run failed, Braze lacks accepted changes, or a pushed cohort is
 * no longer pushed.
 */
export function problemAt(record: SyncRecord, now: number): SyncRecord['problem'] {
  const { source, mode, status, pushedAt, createdAt, succeededAt = 0, intervalMs } = record;
  const problem = foundWrong(record);
  if (problem !== undefined || source !== 'webhook' || mode !== 'dynamic' || status !== 'active')
    return problem;
  const at = (pushedAt ?? Math.max(createdAt, succeededAt)) + silentIntervals * intervalMs;
  return now < at ? undefined : { code: 'cohort_push_silent', detail: '', at };
}

/** Reasons why members match no user. */
export interface UnmatchedBecause {
  /** The ID is absent or blank. */
  readonly noId: number;
  /** The ID is a placeholder that Mixpanel itself refuses for events, or neither text nor number. */
  readonly refusedId: number;
  /**
   * The ID belongs to no user of Braze: of an anonymous visitor, too long, or without the property of the
   * matching rule.
   */
  readonly noUser: number;
}

export function unmatchedOf({ state, withoutId }: SyncRecord): UnmatchedBecause {
  const { unmatched = 0, refusedIds = 0 } = newestTarget(state) ?? {};
  return { noId: withoutId, refusedId: refusedIds, noUser: unmatched - refusedIds };
}

/** Members of Mixpanel's last announcement or list, matched or not; `undefined` before the first. */
export function membersAtLastRead({ reading, state, withoutId }: SyncRecord): number | undefined {
  const newest = newestTarget(state);
  return reading?.total ?? (newest && newest.members + newest.unmatched + withoutId);
}

/** The record after a successful read: the grid of reads starts with the sync's creation. */
export function afterRead(record: SyncRecord, now: number): SyncRecord {
  const due = nextDue(record.createdAt, record.intervalMs, now);
  return { ...record, due, reading: undefined, lostSessions: undefined };
}

/**
 * The cohort as Braze knows it: its ID, and its name in Mixpanel or one made of the ID while that is unknown.
 */
export function cohortName({ cohort, name }: Pick<SyncRecord, 'cohort' | 'name'>): CohortName {
  return { id: cohort, name: readableName(name) ?? `Mixpanel cohort ${cohort}` };
}
