/**
 * `cohort_ledger` has the newest runs of each sync, `run` is null while one is written; `cohort_ledger_chunk`
 * the members of each, in chunks of about 64 kB before compression; `cohort_day` what was sent on a day.
 */
export const cohortLedgerTables = `
  CREATE TABLE cohort_ledger (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sync TEXT NOT NULL,
    run INTEGER
  ) STRICT;
  CREATE INDEX cohort_ledger_sync ON cohort_ledger (sync, run);
  CREATE TABLE cohort_ledger_chunk (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ledger INTEGER NOT NULL REFERENCES cohort_ledger (id),
    part TEXT NOT NULL,
    last BLOB NOT NULL,
    at INTEGER NOT NULL,
    notes TEXT NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX cohort_ledger_chunk_last ON cohort_ledger_chunk (ledger, part, last);
  CREATE TABLE cohort_day (
    sync TEXT NOT NULL,
    day TEXT NOT NULL,
    attribute_updates INTEGER NOT NULL,
    assignments INTEGER NOT NULL,
    PRIMARY KEY (sync, day)
  ) STRICT, WITHOUT ROWID;`;
