/** `reconciliation` has the newest reports of each connection, `counted_since` the first day with outcomes. */
export const reconciliationTables = `
  CREATE TABLE reconciliation (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    connection TEXT COLLATE "C" NOT NULL,
    from_day TEXT COLLATE "C" NOT NULL,
    to_day TEXT COLLATE "C" NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL DEFAULT 0,
    state TEXT COLLATE "C" NOT NULL DEFAULT 'running',
    text TEXT NOT NULL DEFAULT ''
  );
  CREATE INDEX reconciliation_connection ON reconciliation (connection, id);
  CREATE TABLE counted_since (
    connection TEXT COLLATE "C" PRIMARY KEY,
    day TEXT COLLATE "C" NOT NULL
  );`;
