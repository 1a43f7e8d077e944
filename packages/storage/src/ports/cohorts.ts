import type { CohortAction } from '@braze-mixpanel/core/cohorts';
import type { CohortLedgers, LedgerChunk, SentOnDay } from './cohort-ledgers.ts';

/**
 * The port of cohort storage: documents (small JSON texts: syncs, query budgets), runs (snapshots in
 * compressed chunks, never a row per member), pages gathered by group (session and action), and the history
 * of each sync with the ledgers of its newest runs.
 *
 * What holds:
 * - Every call is one transaction and resolves after its commit reached the disk; a call that rejects did
 *   nothing.
 * - `commit` does all of its parts or none: a document never refers to a run that is gone, and the pages of a
 *   group go in the transaction that stores what was made of them.
 * - A run is written in several calls. One that no document refers to (a crash while it was written) is
 *   dropped by `keepOnlyRuns`.
 */
export interface CohortStore extends CohortLedgers {
  documents(): Promise<CohortDocument[]>;
  commit(change: CohortCommit): Promise<void>;

  /** Resolves to the id of a new, empty run. Ids are never used twice. */
  createRun(): Promise<number>;
  /** The bodies' memory may be taken away. */
  appendChunks(chunks: RunChunk[]): Promise<void>;
  /** Chunks in order, from `position` on. */
  readChunks(request: { run: number; position: number; limit: number }): Promise<RunChunk[]>;
  keepOnlyRuns(runs: number[]): Promise<void>;

  /**
   * Stores a page, and replaces an earlier one of the same number. A group whose announced total changes
   * starts over with this page. Resolves to `undefined`, and stores nothing, when the page would open one
   * group too many. Pages leave more disk space free than batches.
   */
  putPage(page: NewPage): Promise<PutPage | undefined>;
  /** Groups of a sync, oldest first. */
  groups(sync: string): Promise<StoredGroup[]>;
  /** Pages in order, behind page `after`. */
  readPages(request: { group: number; after: number; limit: number }): Promise<StoredPage[]>;

  /** Newest first, only entries with an id below `before`. */
  history(request: { sync: string; before: number | undefined; limit: number }): Promise<HistoryEntry[]>;
}

/** A small JSON text under a key: a sync, a query budget. */
export interface CohortDocument {
  key: string;
  text: string;
}

/** Changes that one transaction makes. Absent parts change nothing. */
export interface CohortCommit {
  /** A text of `null` removes the document. */
  documents?: { key: string; text: string | null }[];
  dropRuns?: number[];
  /**
   * Ends groups and drops their pages. Where `digest` is given it is kept, so that a re-sent group is known
   * again.
   */
  endGroups?: { group: number; digest: string | undefined }[];
  /** `ledger` belongs to this entry from then on. */
  history?: { sync: string; text: string; ledger?: number };
  /** Entries of the history, by id. */
  dropHistory?: number[];
  /** Chunks of ledgers that are dropped, by id, and then those that are added. */
  ledgers?: { drop: number[]; put: LedgerChunk[] };
  /** Drops the ledgers of a sync that belong to no run: a crash or a full disk has left them. */
  dropOpenLedgers?: string;
  /** Counts of a day, which are added to those that are stored. Of each sync the newest 400 days stay. */
  sent?: SentOnDay & { sync: string };
  /** Drops pages, history, digests, ledgers and days of a sync that is deleted. */
  forget?: string;
  /** Deleted data is overwritten where the storage can do so: a user asked for erasure. */
  erase?: true;
}

/** A compressed piece of a run: members of one snapshot, in order of `position`. */
export interface RunChunk {
  run: number;
  position: number;
  body: Uint8Array;
}

/** A page of a cohort that Mixpanel pushed. */
export interface NewPage {
  sync: string;
  session: string;
  action: CohortAction;
  /** From 1. */
  page: number;
  total: number;
  /** Digest of the page's members. */
  digest: string;
  /**
   * Members as Mixpanel lists them: profiles, of which several may be one user. Not known of a page of a
   * former release.
   */
  members: number | undefined;
  /** Members that have not even an id in Mixpanel. */
  withoutId: number;
  /** Run of the page's keys, one chunk; its memory may be taken away. */
  body: Uint8Array;
  /**
   * Moment of receipt, milliseconds since 1970: the age of a group is that of its newest page. Absent, the
   * age stays as it was.
   */
  at?: number;
  /**
   * Most groups that may be open, of this sync and of all, for the page to open another. Absent, there is no
   * bound.
   */
  mostGroups?: { ofSync: number; ofAll: number };
  /** As in `CohortCommit`, for the page that stood in its place. */
  erase?: true;
}

/**
 * The group that a page was stored in: its id, how many of its pages are stored, and how many were announced.
 */
export interface PutPage {
  group: number;
  seen: number;
  total: number;
}

/** The pages of one session and action: what Mixpanel sends for one change of a cohort. */
export interface StoredGroup {
  /** Grows with the receipt of the group's first page. */
  id: number;
  session: string;
  action: CohortAction;
  total: number;
  seen: number;
  /** Of its pages; not known where a former release stored one of them. */
  members: number | undefined;
  withoutId: number;
  /** Digest over those of its pages, in order; empty while pages are missing. */
  digest: string;
  /** Digest of the group of this session and action that was ended before, if any is remembered. */
  endedDigest: string | undefined;
}

/** A stored page with the run of its keys. */
export interface StoredPage {
  page: number;
  members: number | undefined;
  withoutId: number;
  body: Uint8Array;
}

/** An entry in the history of a sync, JSON text. Ids grow in the order of storing. */
export interface HistoryEntry {
  id: number;
  text: string;
}
