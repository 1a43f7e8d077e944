import type { CohortStore } from './cohort-types.ts';

/**
 * The ports of durable storage. Every implementation passes the same conformance suite.
 *
 * What holds:
 * - `append` resolves after the commit reached the disk, and rejects when it did not: the row is then not there. (Where the
 *   storage itself died in between, code `unavailable`, nobody can tell: the sender sends again, and `$insert_id` makes one.)
 * - A row is leased by one owner at a time, on the database's time. An expired lease is no attempt; it stays its owner's until
 *   another lease takes the row, so work that ended late still counts when nobody else began it.
 * - A lease takes rows whose retry is due first, then the others in order of arrival.
 * - `complete` is one transaction: the rows' outcome counts, their dead letters and their end. A row whose lease is no
 *   longer this owner's is left alone and reported by its absence. An outcome that does not account for every event of its
 *   row is a defect: the whole call rejects and changes nothing.
 * - `replay` is one transaction: dead letters end, and their originals are pending again, one batch each. They were accepted once and
 *   are not counted so again: what dead-lettered loses, pending wins.
 * - Conservation: accepted = imported + skipped + dead-lettered + pending, per connection, after every transaction.
 */
export interface Storage {
  readonly journal: Journal;
  readonly deadLetters: DeadLetterStore;
  readonly cohorts: CohortStore;
  /** `ok` when a durable write succeeds right now that is at least as large as the last one that was refused. */
  probe(): Promise<StorageHealth>;
  close(): Promise<void>;
}

export type StorageHealth = { ok: true } | { ok: false; reason: string };

/** Raw bytes of one inbound batch, with what it was accepted under. */
export interface NewBatch {
  connection: string;
  /** Milliseconds since 1970, the moment of receipt: an event's `time` never runs ahead of it. */
  receivedAt: number;
  /** Number of elements of `events`. */
  events: number;
  /** The body as it came. `append` takes it over: do not read it afterwards, its memory may have moved to another thread. */
  body: Uint8Array;
  /** JSON text of the mapping options (generation, selection, …) the batch was accepted under; stored once per text. */
  profile: string;
}

export interface LeasedBatch extends NewBatch {
  id: number;
  /** Failed deliveries so far. */
  attempts: number;
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
}

export interface NewDeadLetter {
  reason: string;
  detail: string;
  eventType: string | undefined;
  insertId: string | undefined;
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
  /** Counted remarks of the mapping (`unlisted`, `drifted`, …), not part of conservation. */
  notes: Record<string, number>;
}

export interface ConnectionCounts {
  accepted: number;
  imported: number;
  skipped: Record<string, number>;
  deadLettered: Record<string, number>;
  pending: number;
  pendingBatches: number;
  pendingBytes: number;
  /** Receipt of the oldest pending batch, milliseconds since 1970. */
  oldestPendingAt: number | undefined;
  notes: Record<string, number>;
}

export interface Journal {
  append(batch: NewBatch): Promise<void>;
  lease(request: LeaseRequest): Promise<LeasedBatch[]>;
  /** Prolongs leases that are still this owner's; resolves to the ids that are. */
  renew(owner: string, ids: number[], leaseMs: number): Promise<number[]>;
  /** Resolves to the ids that were completed. */
  complete(owner: string, outcomes: BatchOutcome[]): Promise<number[]>;
  /**
   * Gives leases back: `attempt` counts it as a failed delivery, `delayMs` is when it may be leased again. Without either the
   * row takes its old place in the queue. Rows that are not this owner's are left alone.
   */
  release(owner: string, ids: number[], retry: { delayMs: number; attempt: boolean }): Promise<void>;
  counts(): Promise<Record<string, ConnectionCounts>>;
}

export interface DeadLetterQuery {
  connection?: string;
  reason?: string;
  eventType?: string;
  /** Only ids below this one: pages go from the newest to the oldest. */
  before?: number;
  limit: number;
}

/** Dead letters of one connection that go back into its queue; absent filters take all of them. */
export interface Replay extends DeadLetterQuery {
  connection: string;
  /** This one alone. */
  id?: number;
  /** Mapping options they are mapped under this time, as in `NewBatch`. Their moment of receipt stays what it was. */
  profile: string;
}

export interface DeadLetterStore {
  list(query: DeadLetterQuery): Promise<DeadLetter[]>;
  get(id: number): Promise<DeadLetter | undefined>;
  countByReason(connection?: string): Promise<Record<string, number>>;
  /**
   * Puts dead letters back into the queue, newest first, and resolves to their ids: at most `limit`, fewer where originals are big,
   * none when none is left. Rejects with `full` when there is no room, and then nothing has moved.
   */
  replay(request: Replay): Promise<number[]>;
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
