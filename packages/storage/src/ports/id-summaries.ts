/**
 * The port of summaries of user ids: one text per connection and day, with bounded counts and a sample of the ids
 * in its events. Several processes change the same text.
 *
 * What holds:
 * - `put` writes only over the revision that its caller read, so no change of another process is lost.
 * - What `put` and `dropBefore` replace or delete is overwritten where the storage can do so: the texts contain
 *   ids of users.
 */
export interface IdSummaries {
  /** Summaries of a connection in order of their days. */
  list(connection: string): Promise<StoredIdSummary[]>;
  /** Resolves to whether it was written: `false` where the stored revision is another one. */
  put(summary: StoredIdSummary): Promise<boolean>;
  /** Deletes the summaries of all connections for the days before `day`; resolves to their number. */
  dropBefore(day: string): Promise<number>;
}

/** A stored summary, or a change of one. */
export interface StoredIdSummary {
  connection: string;
  /** `YYYY-MM-DD`, UTC. */
  day: string;
  /** Number of writes so far, as it was read; 0 where nothing is stored. */
  revision: number;
  text: string;
}
