import type { AuditLog } from './audit.ts';
import type { Backfills } from './backfills.ts';
import type { BrazeUsers } from './braze-users.ts';
import type { CohortStore } from './cohorts.ts';
import type { DeadLetterStore } from './dead-letters.ts';
import type { FirstSeen } from './first-seen.ts';
import type { IdSummaries } from './id-summaries.ts';
import type { JobDocuments } from './job-documents.ts';
import type { Journal } from './journal.ts';
import type { MappingHistory } from './mapping-history.ts';
import type { MetricHistory } from './metric-history.ts';
import type { Receipts } from './receipts.ts';
import type { Reconciliations } from './reconciliations.ts';
import type { Replicas } from './replicas.ts';
import type { StandingFailures } from './standing-failures.ts';
import type { Tombstones } from './tombstones.ts';

/**
 * The ports of durable storage. Every implementation passes the same conformance suite.
 *
 * What holds:
 * - `append` resolves after the commit reached the disk, and rejects when it did not: the row is then not
 *   there. When the storage itself failed in between (`unavailable`), the row may be there or not; the sender
 *   sends again, and `$insert_id` removes the duplicate.
 * - A row is leased by one owner at a time, on the database's time. An expired lease is no attempt; the row
 *   stays its owner's until another owner leases it, so a late outcome still counts.
 * - Rows whose retry is due are leased first, then held rows whose time has come, then the others in order of
 *   arrival.
 * - A row that was leased when its owner died is a suspect: it may have caused the crash. A suspect is leased
 *   alone, and only to an owner that has no other lease; `acquit` clears it. After two more deaths it is
 *   quarantined: it stays pending and is not leased before `readmit`.
 * - `complete` is one transaction: the rows' outcome counts, their dead letters and their end. A row whose
 *   lease is no longer this owner's is left alone and reported by its absence. An outcome that does not
 *   account for every event of its row is a defect: the whole call rejects and changes nothing. Events that
 *   it holds are pending again in that transaction, in batches of their own, which are not leased before
 *   their time.
 * - `replay` is one transaction: dead letters end, and their originals are pending again, one batch each.
 *   They were accepted once and are not counted so again: what dead-lettered loses, pending wins.
 * - `remove` and `rewrite` take events away for good: what dead-lettered or pending loses, `skipped` wins
 *   under the given reason.
 * - Conservation: accepted = imported + skipped + dead-lettered + pending, per connection, after every
 *   transaction.
 */
export interface Storage {
  readonly journal: Journal;
  readonly deadLetters: DeadLetterStore;
  readonly cohorts: CohortStore;
  readonly audit: AuditLog;
  readonly backfills: Backfills;
  readonly idSummaries: IdSummaries;
  readonly firstSeen: FirstSeen;
  readonly standingFailures: StandingFailures;
  readonly mappingHistory: MappingHistory;
  readonly metricHistory: MetricHistory;
  readonly reconciliations: Reconciliations;
  readonly jobDocuments: JobDocuments;
  readonly tombstones: Tombstones;
  readonly receipts: Receipts;
  readonly brazeUsers: BrazeUsers;
  /** Where several processes may share the storage; absent where one process owns it. */
  readonly replicas?: Replicas;
  /** Deletes what is older than its retention, in short transactions. */
  sweep(retention: Retention): Promise<Swept>;
  /**
   * Overwrites on the disk what `rewrite`, `remove` and a commit with `erase` deleted, without blocking other
   * calls. Absent where the database does that by itself.
   */
  overwrite?(): Promise<Overwritten>;
  /** Size in bytes, for a storage that is not a file on this machine. */
  usedBytes?(): Promise<number>;
  /**
   * `ok` when a durable write succeeds right now that is at least as large as the last one that was refused.
   */
  probe(): Promise<StorageHealth>;
  close(): Promise<void>;
}

/** Times in milliseconds since 1970; what is older is deleted. Absent fields keep everything. */
export interface Retention {
  /** Bodies kept after their delivery, by its moment. */
  deliveredBefore?: number;
  /** By the moment of death; the events are skipped as `expired` from then on. */
  deadLettersBefore?: number;
  auditBefore?: number;
  /** `YYYY-MM-DD`: counts and outcomes per event and day. */
  daysBefore?: string;
  /** Pages of cohorts whose group is not complete, by the group's newest page. */
  cohortPagesBefore?: number;
  /**
   * The caller's time: what is stamped later than that is of this moment from then on. Absent where a clock may be
   * behind: what was kept would be older from then on than it is, and lost when the clock is corrected.
   */
  now?: number;
}

/** `reason` is a sentence. */
export type Overwritten = { ok: true } | { ok: false; reason: string };

/** Rows that a sweep deleted, by kind. */
export interface Swept {
  delivered: number;
  deadLetters: number;
  audit: number;
  days: number;
  cohortPages: number;
  /** Rows that a clock which was ahead had stamped: kept, and of this moment from now on. */
  broughtBack: number;
}

/** Result of a probe; `reason` is a sentence. */
export type StorageHealth = { ok: true } | { ok: false; reason: string };
