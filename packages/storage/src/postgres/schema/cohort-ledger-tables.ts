/**
 * `cohort_ledger` has the newest runs of each sync, `run` is null while one is written; `cohort_ledger_chunk`
 * the members of each, in chunks of about 64 kB before compression; `cohort_day` what was sent on a day.
 */
export const cohortLedgerTables = `
  CREATE TABLE cohort_ledger (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sync TEXT COLLATE "C" NOT NULL,
    run BIGINT
  );
  CREATE INDEX cohort_ledger_sync ON cohort_ledger (sync, run);
  CREATE TABLE cohort_ledger_chunk (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ledger BIGINT NOT NULL REFERENCES cohort_ledger (id),
    part TEXT COLLATE "C" NOT NULL,
    last BYTEA NOT NULL,
    at BIGINT NOT NULL,
    notes BYTEA NOT NULL,
    body BYTEA NOT NULL
  );
  ALTER TABLE cohort_ledger_chunk ALTER COLUMN body SET STORAGE EXTERNAL;
  CREATE UNIQUE INDEX cohort_ledger_chunk_last ON cohort_ledger_chunk (ledger, part, last);
  CREATE TABLE cohort_day (
    sync TEXT COLLATE "C" NOT NULL,
    day TEXT COLLATE "C" NOT NULL,
    attribute_updates BIGINT NOT NULL,
    assignments BIGINT NOT NULL,
    PRIMARY KEY (sync, day)
  );`;
