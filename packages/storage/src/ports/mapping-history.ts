/**
 * The port of the mapping options that were in force: an event that is brought in later is mapped as it was
 * then, since another name is another event to Mixpanel.
 */
export interface MappingHistory {
  /** Entries of a connection, the oldest first. */
  list(connection: string): Promise<StoredMapping[]>;
  /** Adds an entry where its options differ from those of the newest one before it. */
  add(connection: string, mapping: StoredMapping): Promise<void>;
}

/** Mapping options of a connection from a moment on. */
export interface StoredMapping {
  /** Milliseconds since 1970. */
  since: number;
  /** JSON text. */
  options: string;
}
