/**
 * `tombstone` has digests of the IDs of forgotten users, `tombstone_state` the salt of all digests and a revision that
 * every change of the list increments.
 */
export const tombstoneTables = `
  CREATE TABLE tombstone (
    digest TEXT COLLATE "C" PRIMARY KEY,
    at BIGINT NOT NULL
  );

  CREATE TABLE tombstone_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    salt TEXT NOT NULL,
    revision BIGINT NOT NULL
  );`;
