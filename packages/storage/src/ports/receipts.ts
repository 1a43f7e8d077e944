/**
 * The port of receipts of forgotten users: what was removed where, and the deletions that a vendor was asked for. A
 * receipt has the number of its user, a digest, and no ID; a deletion has the ID until the vendor has accepted it.
 */
export interface Receipts {
  /** Adds an entry to the receipt of a user. Resolves to its id. */
  append(entry: NewReceiptEntry): Promise<number>;
  /** Replaces the text of an entry. */
  replace(id: number, text: string): Promise<void>;
  /** Newest first, of one receipt or of all; only ids below `before`. */
  entries(request: { number?: string; before?: number; limit: number }): Promise<ReceiptEntry[]>;
  /** The deletions of a receipt, in the order of their projects. */
  deletions(number: string): Promise<VendorDeletion[]>;
  /** All deletions of a connection, in the order of their receipts and projects. */
  deletionsOf(connection: string): Promise<VendorDeletion[]>;
  /** Of each state the deletion with the earliest `dueAt`; in no order. */
  due(): Promise<VendorDeletion[]>;
  /**
   * Stores a deletion in place of the one with this revision, or as a new one where that is `undefined`. `false` where
   * another caller was first; nothing is stored then. What it replaces is overwritten, as it may have the ID.
   */
  put(deletion: NewVendorDeletion, replaced: number | undefined): Promise<boolean>;
  /** Counts by connection, as of these times. */
  summary(times: DeletionBounds): Promise<DeletionSummary[]>;
}

/** An entry before it is stored. `at` is in milliseconds since 1970. */
export interface NewReceiptEntry {
  /** Hexadecimal digits; the same for all entries of a user. */
  number: string;
  at: number;
  /** JSON text without an ID. */
  text: string;
}

/** A stored entry. Ids grow in the order of storing. */
export interface ReceiptEntry extends NewReceiptEntry {
  id: number;
}

/**
 * `waiting` for its request, `asking` while the answer to one is open, `followed` once the vendor accepted it; then
 * `done`, `failed`, or `withdrawn` before its request.
 */
export type DeletionState = 'waiting' | 'asking' | 'followed' | 'done' | 'failed' | 'withdrawn';

/** The deletion of a user at a vendor before it is stored. Times are in milliseconds since 1970. */
export interface NewVendorDeletion {
  number: string;
  /** A digest of the vendor's project; a user has one deletion in each. */
  project: string;
  connection: string;
  state: DeletionState;
  /** When it was asked for, was accepted, or ended. */
  since: number;
  /** When there is something to do; absent once it has ended. */
  dueAt?: number | undefined;
  /** JSON text. */
  text: string;
}

/** A stored deletion. Its revision is 1 at first, and each `put` adds 1. */
export interface VendorDeletion extends NewVendorDeletion {
  revision: number;
}

/** Times in milliseconds since 1970. */
export interface DeletionBounds {
  waitingBefore: number;
  followedBefore: number;
  failedAfter: number;
}

/** Numbers of a connection's deletions. */
export interface DeletionSummary {
  connection: string;
  /** Not accepted yet. */
  waiting: number;
  followed: number;
  done: number;
  failed: number;
  /** Failed after `failedAfter`. */
  failedLately: number;
  /** Waiting since before `waitingBefore`. */
  waitingLong: number;
  /** Followed since before `followedBefore`. */
  followedLong: number;
}
