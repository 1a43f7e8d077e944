/**
 * The ports of durable storage. Every implementation passes the same conformance suite.
 *
 * What holds:
 * - `append` resolves after the commit reached the disk, and rejects when it did not: the row is then not there.
 * - A row is leased by one owner at a time, on the database's time. An expired lease is no attempt.
 * - `complete` is one transaction: the rows' outcome counts, their dead letters and their end. A row whose lease is no
 *   longer this owner's is left alone and reported.
 * - Conservation: accepted = imported + skipped + dead-lettered + pending, per connection, after every transaction.
 */
export interface Storage {
  readonly journal: Journal;
  readonly deadLetters: DeadLetterStore;
  /** True when a small durable write succeeds right now. */
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
  /** The body as it came. */
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
  /** Gives leases back: `attempt` counts it as a failed delivery, `delayMs` is when it may be leased again. */
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

export interface DeadLetterStore {
  list(query: DeadLetterQuery): Promise<DeadLetter[]>;
  get(id: number): Promise<DeadLetter | undefined>;
  countByReason(connection?: string): Promise<Record<string, number>>;
}

/** Rejections of the ports; anything else is a defect. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: 'full' | 'busy' | 'locked' | 'unavailable' | 'corrupt';
  constructor(code: StorageError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
