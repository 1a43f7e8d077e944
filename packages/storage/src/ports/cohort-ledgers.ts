/**
 * The ledgers of cohort syncs: for a run, the members that are not in Braze as they are in Mixpanel, by part
 * (a state), in compressed chunks of sorted keys, never a row per member. A ledger belongs to no run until a
 * commit stores the run with it. Of each sync the newest 10 with a run stay, and of these as many as have 64 MB
 * together, at least one.
 */
export interface CohortLedgers {
  /** Resolves to the id of a new, empty ledger; drops those of the sync that belong to no run. */
  createLedger(sync: string): Promise<number>;
  /** Chunks leave more disk space free than batches. The bodies' memory may be taken away. */
  appendLedger(chunks: LedgerChunk[]): Promise<void>;
  /** Ledgers with a run, the newest first. */
  ledgers(sync: string): Promise<StoredLedger[]>;
  /** Chunks of one part in the order of their keys, from the first with a key after `after` on. */
  readLedger(request: {
    ledger: number;
    part: string;
    after: string | undefined;
    limit: number;
  }): Promise<StoredLedgerChunk[]>;
  /** What was sent on each day from `from` to `to`, both `YYYY-MM-DD` and inclusive; oldest first. */
  sentOnDays(request: { sync: string; from: string; to: string }): Promise<SentOnDay[]>;
}

/** Sorted keys of one part. */
export interface LedgerChunk {
  ledger: number;
  part: string;
  /** The last of the keys, which orders the chunks by its UTF-8 bytes. */
  last: string;
  /** Milliseconds since 1970. */
  at: number;
  /** JSON text about some of the keys. */
  notes: string;
  body: Uint8Array;
}

/** A chunk as it is read. */
export interface StoredLedgerChunk extends Pick<LedgerChunk, 'at' | 'notes' | 'body'> {
  id: number;
}

/** A ledger that belongs to a run. */
export interface StoredLedger {
  id: number;
  /** Id of the entry in the history. */
  run: number;
}

/** What a sync sent to Braze on one day, and Braze accepted. */
export interface SentOnDay {
  /** `YYYY-MM-DD`, UTC. */
  day: string;
  /** Attributes written on user profiles. */
  attributeUpdates: number;
  /** Members added to and removed from a partner cohort. */
  assignments: number;
}
