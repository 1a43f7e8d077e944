import type { NewBatch } from './journal.ts';

/**
 * The port of back-fills: jobs that bring events of exported files into the journal.
 *
 * What holds:
 * - `advance` is one transaction: the batches are pending, and the files are at their new positions. A crash
 *   leaves all of it or nothing, so no block of a file is accepted twice.
 * - `advance` writes nothing unless the job is `running` and at the given revision. A process that continues a
 *   job which another process has taken over changes nothing.
 */
export interface Backfills {
  /**
   * Resolves to the id. Of the connection's jobs that are done or cancelled, only the newest
   * 200 stay; the positions of files stay for good.
   */
  create(job: NewBackfill): Promise<number>;
  get(id: number): Promise<Backfill | undefined>;
  /** The oldest job that is running, and not standing. */
  nextRunning(): Promise<Backfill | undefined>;
  /** The standing jobs that have not ended, the oldest first. */
  standing(): Promise<Backfill[]>;
  /** Newest first, only ids below `before`. */
  list(request: { before: number | undefined; limit: number }): Promise<Backfill[]>;
  /** Changes the state where it is one of `from`; resolves to whether it was. */
  change(request: BackfillChange): Promise<boolean>;
  /** Resolves to the new revision, or to `undefined` where nothing was written. */
  advance(step: BackfillStep): Promise<number | undefined>;
  /** The files of these paths that a back-fill has begun or read. */
  files(request: { connection: string; scope: string; paths: string[] }): Promise<CollectedFile[]>;
}

/**
 * `running` jobs are continued by one process; `paused` ones wait for an operator. The others have ended.
 */
export type BackfillState = 'running' | 'paused' | 'done' | 'cancelled' | 'failed';

/** A job before it is stored. */
export interface NewBackfill {
  connection: string;
  /** Address of the files, without credentials. */
  source: string;
  /** JSON text: which of the events are wanted, and under which mapping options they are accepted. */
  options: string;
  /** Milliseconds since 1970. */
  createdAt: number;
  /** Whether the job has no end: it collects the new files of a source. */
  standing: boolean;
}

/** A stored job. Ids grow in the order of creation. */
export interface Backfill extends NewBackfill {
  id: number;
  state: BackfillState;
  /** Milliseconds since 1970, the last change of state. */
  changedAt: number;
  /** Why it failed, as a sentence; `undefined` in every other state. */
  problem: string | undefined;
  /** JSON text of what was read so far, as the last `advance` wrote it; empty before. */
  report: string;
  /** Number of steps so far. */
  revision: number;
}

/** A change of a job's state. */
export interface BackfillChange {
  id: number;
  from: readonly BackfillState[];
  to: BackfillState;
  at: number;
  problem?: string;
}

/** One step of a job. */
export interface BackfillStep {
  id: number;
  /** Of the job when the step began. */
  revision: number;
  batches: NewBatch[];
  files: CollectedFile[];
  report: string;
}

/** How far a file was read. */
export interface CollectedFile {
  connection: string;
  /** Empty where all events of the file are wanted; otherwise a digest of which ones. */
  scope: string;
  /** Address of the file. */
  path: string;
  /** Changes when the file's contents do: an entity tag, or size and time. */
  version: string;
  /** Position in bytes of the first block that was not read. */
  position: number;
  /** It was read to its end. */
  done: boolean;
  /** JSON text of the places that could not be read; empty if there are none. */
  unreadable: string;
}
