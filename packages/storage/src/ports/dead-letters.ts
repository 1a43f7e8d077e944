/** An event that cannot be delivered, before it is stored. */
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
  /** Name and UTC day under which `dayOutcomes` counts it. Written only: lists do not read it. */
  counted?: { day: string; event: string };
}

/**
 * A stored dead letter. `receivedAt` and `diedAt` are milliseconds since 1970, by the clock of the callers; `profile` is the text that its
 * batch was accepted under.
 */
export interface DeadLetter extends NewDeadLetter {
  id: number;
  connection: string;
  receivedAt: number;
  diedAt: number;
  profile: string;
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

/** A page of dead letters, newest first. */
export interface DeadLetterQuery extends DeadLetterFilter {
  /** Only ids below this one: pages go from the newest to the oldest. */
  before?: number;
  limit: number;
}

/** Dead letters of one connection to put back into its queue. */
export interface Replay extends DeadLetterQuery {
  connection: string;
  /** These alone. */
  ids?: number[];
  /** Corrected originals by id, in place of what came from Braze. */
  corrected?: Record<number, string>;
  /**
   * Mapping options they are mapped under this time, as in `NewBatch`. Their moment of receipt stays what it
   * was.
   */
  profile: string;
}

/** The port of dead letters: list, count, replay and remove them. */
export interface DeadLetterStore {
  list(query: DeadLetterQuery): Promise<DeadLetter[]>;
  get(id: number): Promise<DeadLetter | undefined>;
  /**
   * What is kept now; without an event type under ''. At most 1,000 of them, those with most dead letters.
   */
  countBy(field: 'reason' | 'eventType', filter?: DeadLetterFilter): Promise<Record<string, number>>;
  /**
   * Puts dead letters back into the queue, newest first, and resolves to their ids: at most `limit`, fewer
   * where originals are big, none when none is left. Rejects with `full` when there is no space; nothing has
   * moved then.
   */
  replay(request: Replay): Promise<number[]>;
  /** Ends dead letters for good, newest first. Resolves to their ids, at most `limit`. */
  remove(request: Removal): Promise<number[]>;
}

/** Dead letters of one connection that are removed for good. */
export interface Removal extends DeadLetterQuery {
  connection: string;
  /** These alone. */
  ids?: number[];
  /** The reason under which their events are skipped from then on. */
  skippedAs: string;
}
