import type { AuditLog } from './audit-types.ts';
import type { CohortStore } from './cohort-types.ts';
import type { Replicas } from './replica-types.ts';

/**
 * The ports of durable storage. Every implementation passes the same conformance suite.
 *
 * What holds:
 * - `append` resolves after the commit reached the disk, and rejects when it did not: the row is then not there. (Where the
 *   storage itself died in between, code `unavailable`, nobody can tell: the sender sends again, and `$insert_id` makes one.)
 * - A row is leased by one owner at a time, on the database's time. An expired lease is no attempt; it stays its owner's until
 *   another lease takes the row, so work that ended late still counts when nobody else began it.
 * - A lease takes rows whose retry is due first, then those that were held until a moment that has come, then the others in order of
 *   arrival.
 * - A row that an owner had in hand when it died is a suspect: it may be what killed it. A suspect is leased by itself, and only to an owner
 *   that has nothing else in hand; `acquit` says that it did no harm. A row that was a suspect in hand at two more deaths is quarantined:
 *   it stays pending and is not leased before `readmit`.
 * - `complete` is one transaction: the rows' outcome counts, their dead letters and their end. A row whose lease is no
 *   longer this owner's is left alone and reported by its absence. An outcome that does not account for every event of its
 *   row is a defect: the whole call rejects and changes nothing. Events that it holds are pending again in that transaction, in
 *   batches of their own, which no lease takes before their moment.
 * - `replay` is one transaction: dead letters end, and their originals are pending again, one batch each. They were accepted once and
 *   are not counted so again: what dead-lettered loses, pending wins.
 * - `remove` and `rewrite` take events away for good: what dead-lettered or pending loses, `skipped` wins under the given reason.
 * - Conservation: accepted = imported + skipped + dead-lettered + pending, per connection, after every transaction.
 */
export interface Storage {
  readonly journal: Journal;
  readonly deadLetters: DeadLetterStore;
  readonly cohorts: CohortStore;
  readonly audit: AuditLog;
  /** Where several processes may share the storage; absent where one process owns it. */
  readonly replicas?: Replicas;
  /** Drops what is older than its retention, in short transactions; resolves to what was dropped. */
  sweep(retention: Retention): Promise<Swept>;
  /**
   * Whether what `rewrite`, `remove` and a commit with `erase` took away is overwritten on the disk; tries to do so now, without keeping
   * other verbs waiting. Absent where the database does that in its own time.
   */
  overwrite?(): Promise<Overwritten>;
  /** Bytes that it takes, where that is not told by a file of this machine. */
  usedBytes?(): Promise<number>;
  /** `ok` when a durable write succeeds right now that is at least as large as the last one that was refused. */
  probe(): Promise<StorageHealth>;
  close(): Promise<void>;
}

/** Moments, milliseconds since 1970: whatever is older goes. What is absent stays for ever. */
export interface Retention {
  /** Bodies kept after their delivery, by its moment. */
  deliveredBefore?: number;
  /** By the moment of death; the events are skipped as `expired` from then on. */
  deadLettersBefore?: number;
  auditBefore?: number;
  /** `YYYY-MM-DD`: counts per event and day. */
  daysBefore?: string;
  /** Pages of cohorts whose group is not complete, by the group's newest page. */
  cohortPagesBefore?: number;
  /**
   * The caller's time: what callers stamped later than that is of this moment, and what the database stamped later than its own time is of
   * that. Absent where a clock may be behind: what was kept would be older from then on than it is, and lost when the clock is corrected.
   */
  now?: number;
}

/** `reason` is a sentence. */
export type Overwritten = { ok: true } | { ok: false; reason: string };

export interface Swept {
  delivered: number;
  deadLetters: number;
  audit: number;
  days: number;
  cohortPages: number;
  /** Rows that a clock which was ahead had stamped: kept, and of this moment from now on. */
  broughtBack: number;
}

export type StorageHealth = { ok: true } | { ok: false; reason: string };

/** Raw bytes of one inbound batch, with what it was accepted under. */
export interface NewBatch {
  connection: string;
  /** Milliseconds since 1970, the moment of receipt. */
  receivedAt: number;
  /** Number of elements of `events`. */
  events: number;
  /** The body as it came. `append` takes it over: do not read it afterwards, its memory may have moved to another thread. */
  body: Uint8Array;
  /** JSON text of the mapping options (generation, selection, …) the batch was accepted under; stored once per text. */
  profile: string;
}

export interface PendingBatch extends NewBatch {
  id: number;
  /** Failed deliveries so far. */
  attempts: number;
}

export interface LeasedBatch extends PendingBatch {
  /** How often its owner died with it in hand since it last did no harm: above 0 it is a suspect. */
  deaths: number;
}

export interface LeaseRequest {
  connection: string;
  /** Different for every run of a process and every deliverer within it: what is leased under a name is settled under it. */
  owner: string;
  leaseMs: number;
  maxRows: number;
  /** At least one row is leased even when it is larger than these bounds. */
  maxEvents: number;
  maxBytes: number;
  /** This owner has nothing else in hand: it may get a suspect. */
  alone?: boolean;
  /** Milliseconds since 1970, on the clock that `HeldBatch.until` was read from: batches held until then are free. */
  now: number;
}

/** Events of a batch whose time has not come yet. */
export interface HeldBatch extends BatchPart {
  /** Milliseconds since 1970. Not the storage's own clock, which may be another one. */
  until: number;
}

/** A piece of a batch that is split. */
export interface BatchPart {
  events: number;
  body: Uint8Array;
}

export interface QuarantinedBatch {
  id: number;
  connection: string;
  receivedAt: number;
  events: number;
  bytes: number;
}

/** A wait of a whole connection, and why. */
export interface ConnectionWait {
  /** From now, on the database's time. */
  forMs: number;
  /** Of the catalogue of errors. */
  code: string;
  /** What the vendor said. */
  detail: string;
  /** Failures in a row that led to it. */
  failures: number;
}

export interface NewDeadLetter {
  reason: string;
  detail: string;
  eventType: string | undefined;
  insertId: string | undefined;
  /** What logs and traces call the batch that it came in. */
  batch?: string | undefined;
  /** The event as it came, JSON text. */
  original: string;
  /** The mapped event, where it got that far, JSON text. */
  mapped: string | undefined;
}

export interface DeadLetter extends NewDeadLetter {
  id: number;
  connection: string;
  receivedAt: number;
  diedAt: number;
  profile: string;
}

export interface BatchOutcome {
  id: number;
  imported: number;
  /** By reason. */
  skipped: Record<string, number>;
  deadLetters: NewDeadLetter[];
  /** Pending again, under the profile and the moment of receipt of the row. */
  held?: HeldBatch[];
  /** Counted remarks of the mapping (`unlisted`, `drifted`, …), not part of conservation. */
  notes: Record<string, number>;
  /** Events that Mixpanel took, or in shadow would have been sent, per event name and day of their `time`; a re-sent one counts again. */
  days: DayCount[];
}

export interface DayCount {
  /** `YYYY-MM-DD`, UTC. */
  day: string;
  /** As Mixpanel names it. */
  event: string;
  count: number;
}

export interface ConnectionCounts {
  accepted: number;
  imported: number;
  skipped: Record<string, number>;
  deadLettered: Record<string, number>;
  pending: number;
  pendingBatches: number;
  pendingBytes: number;
  /** Of the pending events, those that are held until their time comes. */
  held: number;
  /** Of the pending batches those that are quarantined, and their events. */
  quarantinedBatches: number;
  quarantined: number;
  /** Receipt of the oldest batch that is pending, neither quarantined nor held, milliseconds since 1970. */
  oldestPendingAt: number | undefined;
  notes: Record<string, number>;
}

export interface Journal {
  append(batch: NewBatch): Promise<void>;
  lease(request: LeaseRequest): Promise<LeasedBatch[]>;
  /** Prolongs leases that are still this owner's; resolves to the ids that are. */
  renew(owner: string, ids: number[], leaseMs: number): Promise<number[]>;
  /** Resolves to the ids that were completed. With `keep` their bodies stay readable through `delivered` until they are swept. */
  complete(owner: string, outcomes: BatchOutcome[], options?: { keep: boolean }): Promise<number[]>;
  /**
   * Gives leases back: `attempt` counts it as a failed delivery, `delayMs` is when it may be leased again. Without either the
   * row takes its old place in the queue. Rows that are not this owner's are left alone.
   */
  release(owner: string, ids: number[], retry: { delayMs: number; attempt: boolean }): Promise<void>;
  /**
   * Leases no batch of a connection for a while, in any process on this storage and over restarts. A wait that ends later stays. One that
   * was stored by a clock that was ahead ends with the correction of it: no wait is longer than it was asked for.
   */
  postpone(connection: string, wait: ConnectionWait): Promise<void>;
  /** The wait of a connection that is not over; `forMs` is what is left of it. */
  postponed(connection: string): Promise<(ConnectionWait & { ageMs: number }) | undefined>;
  /** Gives a suspect back that did no harm: it is a row like any other again. */
  acquit(owner: string, id: number): Promise<void>;
  /**
   * Puts batches in the place of one, at the end of the queue, in one transaction: same receipt, same profile. Resolves to whether it was this
   * owner's. Parts that do not have all of its events are a defect: the call rejects and changes nothing.
   */
  split(owner: string, id: number, parts: BatchPart[]): Promise<boolean>;
  /** In order of their ids, at most `limit`. */
  quarantined(request: BodyPage): Promise<QuarantinedBatch[]>;
  /** Puts quarantined batches of a connection back into the queue, all or these; resolves to their ids. */
  readmit(connection: string, ids?: number[]): Promise<number[]>;
  counts(): Promise<Record<string, ConnectionCounts>>;
  /** `from` and `to` inclusive; in order of day and event. */
  dayCounts(request: { connection: string; from: string; to: string }): Promise<DayCount[]>;
  /** Bodies that wait for delivery, leased or not, by id, at most `limit` and about 8 MB. */
  pending(request: BodyPage): Promise<StoredBatch[]>;
  /** Bodies that were kept after their delivery, by id, at most `limit` and about 8 MB. */
  delivered(request: BodyPage): Promise<DeliveredBatch[]>;
  /**
   * Replaces the body of a batch, pending or delivered, by one that lacks `removed` of its events; they are skipped as `reason` where it
   * was pending (delivered ones stay counted as what they became). A batch without events ends. `leased` while a process delivers it,
   * `changed` where it no longer has `events` events, `gone` when it ended: nothing was changed then.
   */
  rewrite(request: Rewrite): Promise<'done' | 'leased' | 'changed' | 'gone'>;
}

export interface BodyPage {
  connection: string;
  /** Only ids above this one; 0 for the first page. */
  after: number;
  limit: number;
}

export interface StoredBatch extends PendingBatch {
  /** A process delivers it at this moment. */
  leased: boolean;
  /** Not tried before this moment, milliseconds since 1970; `undefined` where no delivery failed and nothing is held. */
  notBefore: number | undefined;
}

export interface DeliveredBatch extends NewBatch {
  id: number;
  deliveredAt: number;
}

export interface Rewrite {
  id: number;
  of: 'pending' | 'delivered';
  /** Events it had when it was read. */
  events: number;
  removed: number;
  /** Its memory may be taken away, as with `append`. */
  body: Uint8Array;
  reason: string;
}

/** Absent filters take all. */
export interface DeadLetterFilter {
  connection?: string;
  reason?: string;
  eventType?: string;
  insertId?: string;
  /** By the moment of death, milliseconds since 1970: `diedFrom` inclusive, `diedBefore` exclusive. */
  diedFrom?: number;
  diedBefore?: number;
}

export interface DeadLetterQuery extends DeadLetterFilter {
  /** Only ids below this one: pages go from the newest to the oldest. */
  before?: number;
  limit: number;
}

/** Dead letters of one connection that go back into its queue. */
export interface Replay extends DeadLetterQuery {
  connection: string;
  /** These alone. */
  ids?: number[];
  /** Corrected originals by id, in place of what came from Braze. */
  corrected?: Record<number, string>;
  /** Mapping options they are mapped under this time, as in `NewBatch`. Their moment of receipt stays what it was. */
  profile: string;
}

export interface DeadLetterStore {
  list(query: DeadLetterQuery): Promise<DeadLetter[]>;
  get(id: number): Promise<DeadLetter | undefined>;
  /** What is kept now; without an event type under ''. At most 1,000 of them, those with most dead letters. */
  countBy(field: 'reason' | 'eventType', filter?: DeadLetterFilter): Promise<Record<string, number>>;
  /**
   * Puts dead letters back into the queue, newest first, and resolves to their ids: at most `limit`, fewer where originals are big,
   * none when none is left. Rejects with `full` when there is no room, and then nothing has moved.
   */
  replay(request: Replay): Promise<number[]>;
  /** Ends dead letters for good, newest first. Resolves to their ids, at most `limit`. */
  remove(request: Removal): Promise<number[]>;
}

export interface Removal extends DeadLetterQuery {
  connection: string;
  /** These alone. */
  ids?: number[];
  /** The reason under which their events are skipped from then on. */
  skippedAs: string;
}

/**
 * Rejections of the ports; anything else is a defect.
 *
 * - `full`: no room (disk, quota, read-only volume): answer 503, storing resumes by itself.
 * - `busy`: another program held the database too long: try again.
 * - `locked`: another process owns the file: this one must not start.
 * - `unavailable`: the storage can't be reached, was closed, or died: 503.
 * - `corrupt`: the file is no database, is damaged, or was made by a newer version: an operator must look.
 */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: 'full' | 'busy' | 'locked' | 'unavailable' | 'corrupt';
  constructor(code: StorageError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
