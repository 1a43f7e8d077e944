/**
 * The port of kept reconciliations: the differences between the counts of Braze, the service and Mixpanel, and
 * their causes.
 */
export interface Reconciliations {
  /** Resolves to the id. Of each connection the newest 60 daily ones and the newest 60 others stay. */
  create(reconciliation: NewReconciliation): Promise<number>;
  /** Sets the text of one that is running, as a sign that it is still made. */
  renew(id: number, text: string): Promise<void>;
  /** Ends one that is running, or was taken for interrupted; nothing happens where it has ended. */
  end(request: { id: number; at: number; state: EndState; text: string }): Promise<void>;
  /**
   * Ends running ones as `interrupted` that gave no sign for `silentMs`, on the database's time; resolves to
   * their number.
   */
  interrupt(request: { silentMs: number; at: number; text: string }): Promise<number>;
  get(id: number): Promise<Reconciliation | undefined>;
  /** Newest first, without their texts, of all connections and both kinds unless one is given. */
  list(request: {
    connection?: string;
    isDaily?: boolean;
    limit: number;
  }): Promise<Omit<Reconciliation, 'text'>[]>;
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
  /** Whether the schedule began it, and not an operator. */
  isDaily: boolean;
  /** Milliseconds since 1970. */
  startedAt: number;
}

/** A stored reconciliation. Ids grow in the order of creation. */
export interface Reconciliation extends NewReconciliation {
  id: number;
  state: 'running' | EndState;
  /** Milliseconds since 1970; 0 while it is running. */
  endedAt: number;
  /** JSON text of the report, or a sentence: why there is none, or while it is running, what it does. */
  text: string;
}

/** `interrupted`: the process that made it ended. */
type EndState = 'done' | 'failed' | 'interrupted';
