/**
 * The tables of cohort storage.
 *
 * - A run is chunks of about 64 kB before compression, which are compressed already: ten million members are
 *   some four thousand rows.
 * - `cohort_group.id` grows with receipt, so it orders groups even where the clock stands still.
 * - A session is whatever Mixpanel calls it, of any length: its digest is the key.
 */
export const cohortTables = `
  CREATE TABLE cohort_document (
    key TEXT COLLATE "C" PRIMARY KEY,
    text BYTEA NOT NULL
  );

  CREATE TABLE cohort_run (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
  CREATE TABLE cohort_chunk (
    run BIGINT NOT NULL REFERENCES cohort_run (id),
    position BIGINT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (run, position)
  );
  ALTER TABLE cohort_chunk ALTER COLUMN body SET STORAGE EXTERNAL;

  CREATE TABLE cohort_group (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sync TEXT COLLATE "C" NOT NULL,
    session BYTEA NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    total BIGINT NOT NULL
  );
  CREATE UNIQUE INDEX cohort_group_key ON cohort_group (sync, sha256(session), action);
  CREATE TABLE cohort_page (
    group_id BIGINT NOT NULL REFERENCES cohort_group (id),
    page BIGINT NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    without_id BIGINT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (group_id, page)
  );
  ALTER TABLE cohort_page ALTER COLUMN body SET STORAGE EXTERNAL;
  CREATE TABLE cohort_ended (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sync TEXT COLLATE "C" NOT NULL,
    session BYTEA NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL
  );
  CREATE UNIQUE INDEX cohort_ended_key ON cohort_ended (sync, sha256(session), action);

  CREATE TABLE cohort_history (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sync TEXT COLLATE "C" NOT NULL,
    text BYTEA NOT NULL
  );
  CREATE INDEX cohort_history_sync ON cohort_history (sync, id);`;
