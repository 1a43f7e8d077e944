/**
 * The port of the audit log: who did what to stored data, and when. Entries are added and read, never
 * changed.
 */
export interface AuditLog {
  append(entry: NewAuditEntry): Promise<void>;
  /** Newest first, only ids below `before`. */
  list(request: { before: number | undefined; limit: number }): Promise<AuditEntry[]>;
}

/** An entry before it is stored. */
export interface NewAuditEntry {
  /** Milliseconds since 1970. */
  at: number;
  /** Who: a role and where the call came from. Never a token. */
  actor: string;
  /** What: `dead_letters.replay`, `dead_letters.purge`, `forget`, `cohort.delete`, … */
  action: string;
  /**
   * JSON text of what it was applied to and what came of it. An external id that was forgotten stands here as
   * a digest only.
   */
  detail: string;
}

/** A stored entry. Ids grow in the order of storing. */
export interface AuditEntry extends NewAuditEntry {
  id: number;
}
