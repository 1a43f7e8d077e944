import type { NewDeadLetter } from './dead-letters.ts';

/** Raw bytes of one inbound batch, with what it was accepted under. */
export interface NewBatch {
  connection: string;
  /** Milliseconds since 1970, the moment of receipt. */
  receivedAt: number;
  /** Number of elements of `events`. */
  events: number;
  /**
   * The body as received. Do not use it after `append`, whose result has it again, or `advance`: its memory may
   * have been transferred to another thread.
   */
  body: Uint8Array;
  /**
   * JSON text of the mapping options (generation, selection, …) the batch was accepted under; stored once per
   * text.
   */
  profile: string;
}

/** A batch that is on disk. */
export interface AppendedBatch {
  id: number;
  /** The bytes that were appended, in memory that the caller owns again. */
  body: Uint8Array;
}

/** A batch that waits for delivery. */
export interface PendingBatch extends NewBatch {
  id: number;
  /** Failed deliveries so far. */
  attempts: number;
}

/** A batch that its owner delivers now. */
export interface LeasedBatch extends PendingBatch {
  /**
   * How often its owner died while it held this batch, since the last delivery without harm. Above 0 the
   * batch is a suspect.
   */
  deaths: number;
}

/** Which batches an owner asks for, and how many. */
export interface LeaseRequest {
  connection: string;
  /**
   * Unique per run of a process and per deliverer in it. Only the same owner can complete, renew or release
   * its leases.
   */
  owner: string;
  leaseMs: number;
  maxRows: number;
  /** At least one row is leased even when it is larger than these bounds. */
  maxEvents: number;
  maxBytes: number;
  /** The owner has no other batch leased, so it may get a suspect. */
  alone?: boolean;
  /**
   * Milliseconds since 1970, on the clock that `HeldBatch.until` was read from: batches held until then are
   * free.
   */
  now: number;
  /**
   * Batches whose bodies the owner has in memory. Such a row is leased with an empty body, which spares
   * reading it, unless a `rewrite` changed it since: then its body is in the answer.
   */
  inMemory?: readonly BatchInMemory[];
}

/** A batch as it was appended. */
export interface BatchInMemory {
  id: number;
  events: number;
  /** Length of its body. */
  bytes: number;
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

/**
 * A batch that is set aside because its owner died three times with it in flight. `receivedAt` is in
 * milliseconds since 1970.
 */
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
  /** The vendor's message. */
  detail: string;
  /** Failures in a row that led to it. */
  failures: number;
}

/**
 * What became of the events of a leased batch. Imported, skipped, dead-lettered and held events must add up
 * to the events of the batch.
 */
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
  /**
   * Events that Mixpanel took, or in shadow would have been sent, per event name and day of their `time`; a
   * re-sent one counts again.
   */
  days: DayCount[];
  /** What else became of its events, by event name and day; imported ones are in `days`. */
  dayOutcomes?: readonly DayOutcome[];
  /**
   * External IDs of its events, by which its kept body is found later. Absent where they are not known: the body is
   * then among those of every user.
   */
  users?: readonly string[];
  /** Of each of its events, a text of the caller's that stays with its kept body. Absent where that is not known. */
  outcomes?: string;
  /** Milliseconds since 1970, by the caller's clock. Default: the database's own time. */
  at?: number;
}

/** Events of one name on one day. */
export interface DayCount {
  /** `YYYY-MM-DD`, UTC. */
  day: string;
  /** As Mixpanel names it. */
  event: string;
  count: number;
}

/**
 * What became of events of one name on one day, beside their import:
 * - `skipped`, `dead`: by reason. A dead letter counts until it is replayed or removed; a removed one is skipped.
 * - `skipped_again`: of the skipped events, those that were skipped before, as far as that is known, by reason and day
 *   of the company.
 * - `dead_again`: of the dead letters, those whose `$insert_id` another one of the name and day has.
 * - `late`: imported events that were received on another UTC day than that of their `time`.
 * - `removed`: events whose delivered body was removed with a forgotten user, whatever became of them.
 * - `day_before`, `day_after`: imported or skipped events that are on another day in the company's time zone.
 */
export interface DayOutcome extends DayCount {
  kind: 'skipped' | 'skipped_again' | 'dead' | 'dead_again' | 'late' | 'removed' | 'day_before' | 'day_after';
  /** Empty where the kind has none. */
  reason: string;
}

/**
 * Counters of one connection. At every moment `accepted` = `imported` + sum of `skipped` + sum of
 * `deadLettered` + `pending`.
 */
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

/** The port of batches from their acceptance to their outcome. Methods reject with `StorageError`. */
export interface Journal {
  append(batch: NewBatch): Promise<AppendedBatch>;
  lease(request: LeaseRequest): Promise<LeasedBatch[]>;
  /** Extends leases that are still this owner's; resolves to their ids. */
  renew(owner: string, ids: number[], leaseMs: number): Promise<number[]>;
  /**
   * Resolves to the ids that were completed. With `keep` their bodies stay readable through `delivered` until
   * they are swept.
   */
  complete(owner: string, outcomes: BatchOutcome[], options?: { keep: boolean }): Promise<number[]>;
  /**
   * Releases leases: `attempt` counts a failed delivery, `delayMs` is the time before the rows can be leased
   * again. Without either the row keeps its place in the queue. Rows of other owners are not changed.
   */
  release(owner: string, ids: number[], retry: { delayMs: number; attempt: boolean }): Promise<void>;
  /**
   * Stops leases of a connection for a while, in all processes on this storage and over restarts. A stored
   * wait that ends later stays. A wait stored by a clock that was ahead ends when the clock is corrected: no
   * wait is longer than requested.
   */
  postpone(connection: string, wait: ConnectionWait): Promise<void>;
  /** The wait of a connection that is not over; `forMs` is what is left of it. */
  postponed(connection: string): Promise<(ConnectionWait & { ageMs: number }) | undefined>;
  /**
   * Makes batches due that wait after a failed delivery; those that are held until their time, or quarantined, stay so.
   * With `endsWithinMs` it also ends the wait of the connection that is over by then. Resolves to the number of batches.
   */
  makeDue(connection: string, endsWithinMs?: number): Promise<number>;
  /** Releases a suspect that did no harm; it is an ordinary row again. */
  acquit(owner: string, id: number): Promise<void>;
  /**
   * Replaces a batch by its parts, at the end of the queue, in one transaction: same time of receipt, same
   * profile. `false` when the batch is not this owner's. If the parts do not have all of its events, the call
   * rejects with an error of the program and changes nothing.
   */
  split(owner: string, id: number, parts: BatchPart[]): Promise<boolean>;
  /** In order of their ids, at most `limit`. */
  quarantined(request: BodyPage): Promise<QuarantinedBatch[]>;
  /** Puts quarantined batches of a connection back into the queue, all or these; resolves to their ids. */
  readmit(connection: string, ids?: number[]): Promise<number[]>;
  counts(): Promise<Record<string, ConnectionCounts>>;
  /** `from` and `to` inclusive; in order of day and event. */
  dayCounts(request: { connection: string; from: string; to: string }): Promise<DayCount[]>;
  /** `from` and `to` inclusive; in order of day, event, kind and reason. */
  dayOutcomes(request: { connection: string; from: string; to: string }): Promise<DayOutcome[]>;
  /** Bodies that wait for delivery, leased or not, by id, at most `limit` and about 8 MB. */
  pending(request: BodyPage): Promise<StoredBatch[]>;
  /**
   * Bodies that were kept after their delivery, by id or the newest first, at most `limit` and about 8 MB. With `users`
   * only those that may have events of one of them: those that the index names, and those without an index.
   */
  delivered(request: DeliveredPage): Promise<DeliveredBatch[]>;
  /**
   * Replaces the body of a batch, pending or delivered, by one that lacks `removed` of its events; they are
   * skipped as `reason` where it was pending (delivered ones stay counted as what they became). A batch
   * without events is deleted. `leased` while a process delivers it, `changed` where it no longer has
   * `events` events, `gone` when it ended: nothing was changed then.
   */
  rewrite(request: Rewrite): Promise<'done' | 'leased' | 'changed' | 'gone'>;
}

/** A page of batches of one connection, in order of their ids. */
export interface BodyPage {
  connection: string;
  /** Only ids above this one; 0 for the first page. */
  after: number;
  limit: number;
}

/** A page of batches of one connection, the newest first. */
export interface NewestPage {
  connection: string;
  /** Only ids below this one; `Number.MAX_SAFE_INTEGER` for the first page. */
  before: number;
  limit: number;
}

/** A page of kept bodies. */
export type DeliveredPage = (BodyPage | NewestPage) & {
  /** External IDs. Digests of two IDs may be the same, so search the bodies. */
  users?: readonly string[];
};

/** A pending batch with its state. */
export interface StoredBatch extends PendingBatch {
  /** A process delivers it at this moment. */
  leased: boolean;
  /**
   * Milliseconds until the next attempt, 0 where it is due; `undefined` where no delivery failed. The moment is on the
   * queue's clock, which may differ from the clock of the events.
   */
  retryInMs: number | undefined;
  /** The moment until which events are held, milliseconds since 1970; `undefined` where they are not. */
  heldUntil: number | undefined;
}

/** A batch whose body is kept after its delivery. `deliveredAt` is the moment of its completion. */
export interface DeliveredBatch extends NewBatch {
  id: number;
  deliveredAt: number;
  /** Whether it is found by its users; otherwise it is among the bodies of every user. */
  indexed: boolean;
  /** As its completion or last rewrite gave them; `undefined` where an older version kept it. */
  outcomes: string | undefined;
}

/** A smaller body for a stored batch. */
export interface Rewrite {
  id: number;
  of: 'pending' | 'delivered';
  /** Events it had when it was read. */
  events: number;
  removed: number;
  /** Do not use it afterwards, as with `append`. */
  body: Uint8Array;
  reason: string;
  /** Events that were removed, by name and day: a pending batch counts them as skipped, a delivered one as removed. */
  days?: readonly DayCount[];
  /** External IDs of which the batch has no event any more; only a delivered batch is found by them. */
  users?: readonly string[];
  /** Of the events that stay; only a delivered batch has them. Absent where they are not known. */
  outcomes?: string | undefined;
}
