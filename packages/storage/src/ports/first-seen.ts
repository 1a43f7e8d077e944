/**
 * The port of names that events had and the connection's catalogue version lacks: unknown event types and
 * unlisted properties, each with the time at which it was first seen.
 */
export interface FirstSeen {
  /** Names of a connection, the newest first. */
  list(connection: string): Promise<StoredName[]>;
  /**
   * Adds a name; of a known one, only `day` changes. A new name is dropped where the connection has
   * `mostNames` others.
   */
  put(connection: string, name: StoredName, mostNames: number): Promise<void>;
  /** Deletes the names of all connections that were last seen before `day`; resolves to their number. */
  dropBefore(day: string): Promise<number>;
}

/** A name that the catalogue version lacks. */
export interface StoredName {
  kind: 'event_type' | 'property';
  /** Event type, for a property followed by a space and its name. Well-formed, without U+0000. */
  name: string;
  /** When it was first seen, in milliseconds since 1970. */
  at: number;
  /** Day on which it was last seen: `YYYY-MM-DD`, UTC. */
  day: string;
}
