/** `reconciliation` has the newest reports of each connection, `counted_since` the first day with outcomes. */
export const reconciliationTables = `
  CREATE TABLE reconciliation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    connection TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'running',
    text TEXT NOT NULL DEFAULT ''
  ) STRICT;
  CREATE INDEX reconciliation_connection ON reconciliation (connection, id);
  CREATE TABLE counted_since (
    connection TEXT PRIMARY KEY,
    day TEXT NOT NULL
  ) STRICT;`;
