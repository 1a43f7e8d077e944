/** `first_seen` holds names that events had and the connection's catalogue version lacks. */
export const firstSeenTable = `
  CREATE TABLE first_seen (
    connection TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (connection, kind, name)
  ) STRICT;`;
