/**
 * The port of tombstones: digests of forgotten users' external IDs, which keep later events of these users from being
 * delivered. Storage has no ID, and one salt for all digests, which all processes on it share.
 */
export interface Tombstones {
  /** The salt, which the first call stores, and a number that each `put` and `remove` changes. */
  state(offeredSalt: string): Promise<TombstoneState>;
  /** All digests, in no order. */
  list(): Promise<string[]>;
  /** Adds a digest; a known one stays. `at` is in milliseconds since 1970. */
  put(digest: string, at: number): Promise<void>;
  /** Deletes a digest; `false` where there is none. */
  remove(digest: string): Promise<boolean>;
}

/** The salt of a storage's tombstones, and the revision of their list. */
export interface TombstoneState {
  salt: string;
  revision: number;
}
