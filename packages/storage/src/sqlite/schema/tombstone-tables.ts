/**
 * `tombstone` has digests of the IDs of forgotten users, `tombstone_state` the salt of all digests and a revision that
 * every change of the list increments.
 */
export const tombstoneTables = `
  CREATE TABLE tombstone (
    digest TEXT PRIMARY KEY,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE tombstone_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    salt TEXT NOT NULL,
    revision INTEGER NOT NULL
  ) STRICT;`;
