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
import type { CohortName } from '../sinks/sink.ts';
import type { ReadBackState } from './read-back-state.ts';

/**
 * Everything that is stored about one sync, as one document: what was asked for, where it stands. Times are milliseconds since 1970
 * on the injected clock.
 */
export interface SyncRecord {
  /** `<connection>:<cohort id>`. */
  readonly id: string;
  readonly connection: string;
  /** Mixpanel's id of the cohort, and Braze's. */
  readonly cohort: string;
  readonly mode: SyncMode;
  readonly source: SourceKind;
  readonly sink: SinkKind;
  readonly intervalMs: number;
  /** Who asked for it. One of the configuration is paused when the configuration no longer names it. */
  readonly origin: 'config' | 'api' | 'webhook';
  readonly createdAt: number;
  readonly status: SyncStatus;
  /** Name in Mixpanel, once known. */
  readonly name: string | undefined;
  /** Name that Braze was last told. */
  readonly nameInBraze: string | undefined;
  /** Next read through the query API. */
  readonly due: number;
  /** Earliest moment of the next attempt after a failure, or after the budget ran out. */
  readonly retryAt: number | undefined;
  /** Failed runs in a row. */
  readonly failures: number;
  readonly problem: (Problem & { readonly at: number }) | undefined;
  /** When the last target was sent to its end: of that moment is what is known to be accepted. */
  readonly acceptedAt?: number | undefined;
  /** What reading members back from Braze showed, and what of them waits to be read. */
  readonly readBack?: ReadBackState | undefined;
  /** End of the last run that left nothing to do; `lastRightAt` says what it is worth. */
  readonly succeededAt: number | undefined;
  /** When the newest group of pushed pages was taken, an empty one too. */
  readonly pushedAt: number | undefined;
  /** A read through the query API that has begun and not ended. */
  readonly reading: Reading | undefined;
  /** Reads in a row whose session ended before its last page. */
  readonly lostSessions?: number | undefined;
  /** Group of the newest full list taken: groups that began before it are outdated. */
  readonly fullList: number | undefined;
  /** Members of the newest word as Mixpanel lists them: profiles, of which several may be one user. Not known before a full list. */
  readonly profiles?: number | undefined;
  /** When Mixpanel said its newest word: of a reading, when it began. */
  readonly readAt?: number | undefined;
  /** Members of the newest full list that had no id at all. */
  readonly withoutId: number;
  readonly state: SyncState<number>;
}

/** `active` runs by itself; `paused` gathers what is pushed, and sends nothing; `done` is a one-time sync that has run. */
type SyncStatus = 'active' | 'paused' | 'done';

export interface Reading {
  /** Mixpanel's id of the session that pages are read from. */
  readonly session: string;
  readonly pageSize: number;
  readonly total: number;
  readonly pages: number;
  /** When it began; a former release did not store it. */
  readonly at?: number;
}

/** What started a run. `read-back` only reads, and is no run of its own. */
export type Trigger = 'start' | 'schedule' | 'retry' | 'webhook' | 'manual' | 'confirm' | 'read-back';

/** What became of a run. */
type RunOutcome = 'sent' | 'unchanged' | 'held' | 'waiting' | 'failed' | 'confirmed' | 'contradicted';

/** One entry of a sync's history. Entries of older versions have neither `sent` nor `unproven`. */
export interface RunReport {
  readonly trigger: Trigger;
  readonly startedAt: number;
  finishedAt: number;
  outcome: RunOutcome;
  /** Changes that were sent: those that Braze accepted (`added` and `removed`), refused, and those left unproven. */
  sent: number;
  /** Changes that Braze accepted. */
  added: number;
  removed: number;
  /** Changes that Braze refused, in its own words, one by one. */
  refused: number;
  /** Changes about which no answer of Braze proves anything; they are sent again. */
  unproven: number;
  /** Of `readBack` users that were read back, those who are as they were sent; absent where none was read. */
  readonly confirmed?: number | undefined;
  readonly readBack?: number | undefined;
  requests: number;
  /** Boolean attributes written, which Braze bills; none through the partner import. */
  billedUpdates: number;
  /** Every member was sent, known or not. */
  fullSend: boolean;
  /** Members of the cohort as of the end of the run: in Mixpanel's newest word, and accepted by Braze. */
  mixpanelMembers: number;
  /** Profiles that Mixpanel lists as members, and the moment of both; a former release did not store them. */
  mixpanelProfiles?: number | undefined;
  mixpanelReadAt?: number | undefined;
  brazeMembers: number;
  unmatched: number;
  /** Absent in entries that earlier versions wrote. */
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
    fullSend: false,
    mixpanelMembers: 0,
    brazeMembers: 0,
    unmatched: 0,
    problem: undefined,
  };
}

/** Members as the record has them now, for a report. */
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

/** After a failed run, doubled with every further one, up to the sync's interval. */
const firstRetryMs = 300_000;

export function retryDelayMs(failures: number, intervalMs: number): number {
  return Math.min(firstRetryMs * 2 ** Math.min(failures - 1, 20), intervalMs);
}

export function syncId(connection: string, cohort: string): string {
  return `${connection}:${cohort}`;
}

/** The next moment at which the sync has something to do by itself, or none. */
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
 * When Mixpanel's newest word was last sent to its end and Braze answered every change: after a run, or a push that changed nothing
 * after it. Members that Braze refused may be open then: its answer is definite. Never, as long as Braze holds no whole target: a former release took a run that only gathered pages for a success, and
 * that moment may still be stored.
 */
export function lastRightAt(record: SyncRecord): number | undefined {
  const { succeededAt, pushedAt = 0, problem, state } = record;
  if (succeededAt === undefined || state.known === undefined) return undefined;
  return problem === undefined && isRight(record) ? Math.max(succeededAt, pushedAt) : succeededAt;
}

/**
 * The newest target was sent to its end, though Braze may have refused some members, and reading back did not show otherwise. A run that only read, gathered pages or
 * was held is no success.
 */
export function isRight({ reading, readBack, state }: SyncRecord): boolean {
  const { known, applying, waiting } = state;
  if (known === undefined || readBack?.problem !== undefined) return false;
  return applying === undefined && waiting === undefined && reading === undefined;
}

/** Mixpanel pushes every cohort again and again, without changes too: after so many intervals without a word something is wrong. */
const silentIntervals = 3;

/** What the last run or the last reading back found wrong. */
export function foundWrong({ problem, readBack }: SyncRecord): SyncRecord['problem'] {
  return problem ?? readBack?.problem;
}

/** What is wrong with the sync at this moment: its last run failed, Braze lacks what it accepted, or nothing pushes what is to be pushed. */
export function problemAt(record: SyncRecord, now: number): SyncRecord['problem'] {
  const { source, mode, status, pushedAt, createdAt, succeededAt = 0, intervalMs } = record;
  const problem = foundWrong(record);
  if (problem !== undefined || source !== 'webhook' || mode !== 'dynamic' || status !== 'active')
    return problem;
  const at = (pushedAt ?? Math.max(createdAt, succeededAt)) + silentIntervals * intervalMs;
  return now < at ? undefined : { code: 'cohort_push_silent', detail: '', at };
}

/** Why members match nobody. */
export interface UnmatchedBecause {
  /** The id is absent or blank. */
  readonly noId: number;
  /** The id is a placeholder that Mixpanel itself refuses for events, or no text or number. */
  readonly refusedId: number;
  /** The id is nobody's in Braze: of an anonymous visitor, too long, or the property of the matching rule is absent. */
  readonly noUser: number;
}

export function unmatchedOf({ state, withoutId }: SyncRecord): UnmatchedBecause {
  const { unmatched = 0, refusedIds = 0 } = newestTarget(state) ?? {};
  return { noId: withoutId, refusedId: refusedIds, noUser: unmatched - refusedIds };
}

/** Members that Mixpanel announced or gave last, whatever they match; `undefined` before the first word of it. */
export function membersAtLastRead({ reading, state, withoutId }: SyncRecord): number | undefined {
  const newest = newestTarget(state);
  return reading?.total ?? (newest && newest.members + newest.unmatched + withoutId);
}

/** The record after a read that ended well: the grid of reads starts with the sync's creation. */
export function afterRead(record: SyncRecord, now: number): SyncRecord {
  const due = nextDue(record.createdAt, record.intervalMs, now);
  return { ...record, due, reading: undefined, lostSessions: undefined };
}

/** The cohort as Braze knows it: its ID, and its name in Mixpanel or one made of the ID while that is unknown. */
export function cohortName({ cohort, name }: Pick<SyncRecord, 'cohort' | 'name'>): CohortName {
  return { id: cohort, name: readableName(name) ?? `Mixpanel cohort ${cohort}` };
}
