/**
 * The port of kept reconciliations: the differences between the counts of Braze, the service and Mixpanel, and
 * their causes.
 */
export interface Reconciliations {
  /** Resolves to the id. Of each connection the newest 60 stay. */
  create(reconciliation: NewReconciliation): Promise<number>;
  /** Ends one that is running; nothing happens where it is not. */
  end(request: { id: number; at: number; state: 'done' | 'failed'; text: string }): Promise<void>;
  get(id: number): Promise<Reconciliation | undefined>;
  /** Newest first, without their texts, of all connections unless one is given. */
  list(request: { connection?: string; limit: number }): Promise<Omit<Reconciliation, 'text'>[]>;
  /** First day whose outcomes were counted in full; `undefined` before `countFrom`. */
  countedSince(connection: string): Promise<string | undefined>;
  /** Stores that day, `YYYY-MM-DD`, where none is stored. */
  countFrom(connection: string, day: string): Promise<void>;
}

/** A reconciliation that begins. */
export interface NewReconciliation {
  connection: string;
  /** `YYYY-MM-DD` in UTC, both inclusive. */
  from: string;
  to: string;
  /** Milliseconds since 1970. */
  startedAt: number;
}

/** A stored reconciliation. Ids grow in the order of creation. */
export interface Reconciliation extends NewReconciliation {
  id: number;
  state: 'running' | 'done' | 'failed';
  /** Milliseconds since 1970; 0 while it is running. */
  endedAt: number;
  /** JSON text of the report, or a sentence where it failed; empty while it is running. */
  text: string;
}
