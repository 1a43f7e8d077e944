/**
 * The tables of cohort storage.
 *
 * - A run is chunks of about 64 kB before compression: ten million members are some four thousand rows.
 * - `cohort_group.id` grows with receipt (AUTOINCREMENT), so it orders groups even where the clock stands
 *   still.
 */
export const cohortTables = `
   CREATE TABLE cohort_document (
     key TEXT PRIMARY KEY,
     text TEXT NOT NULL
   ) STRICT;

   CREATE TABLE cohort_run (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;
   CREATE TABLE cohort_chunk (
     run INTEGER NOT NULL REFERENCES cohort_run (id),
     position INTEGER NOT NULL,
     body BLOB NOT NULL
   ) STRICT;
   CREATE UNIQUE INDEX cohort_chunk_position ON cohort_chunk (run, position);

   CREATE TABLE cohort_group (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     sync TEXT NOT NULL,
     session TEXT NOT NULL,
     action TEXT NOT NULL,
     total INTEGER NOT NULL,
     UNIQUE (sync, session, action)
   ) STRICT;
   CREATE TABLE cohort_page (
     group_id INTEGER NOT NULL REFERENCES cohort_group (id),
     page INTEGER NOT NULL,
     digest TEXT NOT NULL,
     without_id INTEGER NOT NULL,
     body BLOB NOT NULL
   ) STRICT;
   CREATE UNIQUE INDEX cohort_page_number ON cohort_page (group_id, page, digest, without_id);
   CREATE TABLE cohort_ended (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     sync TEXT NOT NULL,
     session TEXT NOT NULL,
     action TEXT NOT NULL,
     digest TEXT NOT NULL,
     UNIQUE (sync, session, action)
   ) STRICT;

   CREATE TABLE cohort_history (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     sync TEXT NOT NULL,
     text TEXT NOT NULL
   ) STRICT;
   CREATE INDEX cohort_history_sync ON cohort_history (sync, id);`;
