CREATE TABLE audit (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     at INTEGER NOT NULL,
     actor TEXT NOT NULL,
     action TEXT NOT NULL,
     detail TEXT NOT NULL
   ) STRICT;

CREATE TABLE backfill (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     connection TEXT NOT NULL,
     source TEXT NOT NULL,
     options TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     state TEXT NOT NULL DEFAULT 'running',
     changed_at INTEGER NOT NULL,
     problem TEXT NOT NULL DEFAULT '',
     report TEXT NOT NULL DEFAULT '',
     revision INTEGER NOT NULL DEFAULT 0
   , standing INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE batch (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     connection TEXT NOT NULL,
     due_at INTEGER NOT NULL DEFAULT 0,
     attempts INTEGER NOT NULL DEFAULT 0,
     events INTEGER NOT NULL CHECK (events >= 0),
     bytes INTEGER NOT NULL,
     received_at INTEGER NOT NULL,
     profile_id INTEGER NOT NULL REFERENCES profile (id)
   , deaths INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE batch_body (
     id INTEGER PRIMARY KEY,
     body BLOB NOT NULL
   ) STRICT;

CREATE TABLE braze_user (
    braze TEXT NOT NULL,
    external_id BLOB NOT NULL,
    seen INTEGER NOT NULL,
    PRIMARY KEY (braze, external_id)
  ) STRICT, WITHOUT ROWID;

CREATE TABLE cohort_chunk (
     run INTEGER NOT NULL REFERENCES cohort_run (id),
     position INTEGER NOT NULL,
     body BLOB NOT NULL
   ) STRICT;

CREATE TABLE cohort_day (
    sync TEXT NOT NULL,
    day TEXT NOT NULL,
    attribute_updates INTEGER NOT NULL,
    assignments INTEGER NOT NULL,
    PRIMARY KEY (sync, day)
  ) STRICT, WITHOUT ROWID;

CREATE TABLE cohort_document (
     key TEXT PRIMARY KEY,
     text TEXT NOT NULL
   ) STRICT;

CREATE TABLE cohort_ended (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     sync TEXT NOT NULL,
     session TEXT NOT NULL,
     action TEXT NOT NULL,
     digest TEXT NOT NULL,
     UNIQUE (sync, session, action)
   ) STRICT;

CREATE TABLE cohort_group (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     sync TEXT NOT NULL,
     session TEXT NOT NULL,
     action TEXT NOT NULL,
     total INTEGER NOT NULL, touched_at INTEGER NOT NULL DEFAULT 0,
     UNIQUE (sync, session, action)
   ) STRICT;

CREATE TABLE cohort_history (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     sync TEXT NOT NULL,
     text TEXT NOT NULL
   ) STRICT;

CREATE TABLE cohort_ledger (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sync TEXT NOT NULL,
    run INTEGER
  ) STRICT;

CREATE TABLE cohort_ledger_chunk (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ledger INTEGER NOT NULL REFERENCES cohort_ledger (id),
    part TEXT NOT NULL,
    last BLOB NOT NULL,
    at INTEGER NOT NULL,
    notes TEXT NOT NULL,
    body BLOB NOT NULL
  ) STRICT;

CREATE TABLE cohort_page (
     group_id INTEGER NOT NULL REFERENCES cohort_group (id),
     page INTEGER NOT NULL,
     digest TEXT NOT NULL,
     without_id INTEGER NOT NULL,
     body BLOB NOT NULL
   , members INTEGER) STRICT;

CREATE TABLE cohort_run (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;

CREATE TABLE collected_file (
     connection TEXT NOT NULL,
     scope TEXT NOT NULL,
     path TEXT NOT NULL,
     version TEXT NOT NULL,
     position INTEGER NOT NULL,
     done INTEGER NOT NULL CHECK (done IN (0, 1)), unreadable TEXT NOT NULL DEFAULT '',
     PRIMARY KEY (connection, scope, path)
   ) STRICT, WITHOUT ROWID;

CREATE TABLE connection_wait (
    connection TEXT PRIMARY KEY,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    code TEXT NOT NULL,
    detail TEXT NOT NULL,
    failures INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

CREATE TABLE counted_since (
    connection TEXT PRIMARY KEY,
    day TEXT NOT NULL
  ) STRICT;

CREATE TABLE day_count (
     connection TEXT NOT NULL,
     day TEXT NOT NULL,
     event TEXT NOT NULL,
     count INTEGER NOT NULL CHECK (count >= 0),
     PRIMARY KEY (connection, day, event)
   ) STRICT, WITHOUT ROWID;

CREATE TABLE day_outcome (
    connection TEXT NOT NULL,
    day TEXT NOT NULL,
    event TEXT NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    count INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (connection, day, event, kind, reason)
  ) STRICT, WITHOUT ROWID;

CREATE TABLE dead_letter (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     connection TEXT NOT NULL,
     reason TEXT NOT NULL,
     event_type TEXT,
     insert_id TEXT,
     received_at INTEGER NOT NULL,
     died_at INTEGER NOT NULL,
     profile_id INTEGER NOT NULL REFERENCES profile (id),
     detail TEXT NOT NULL,
     original TEXT NOT NULL,
     mapped TEXT
   , batch TEXT, day TEXT, event TEXT) STRICT;

CREATE TABLE delete_request (
    braze TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    state TEXT NOT NULL
  , receipts TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;

CREATE TABLE delivered (
     id INTEGER PRIMARY KEY,
     connection TEXT NOT NULL,
     events INTEGER NOT NULL,
     bytes INTEGER NOT NULL,
     received_at INTEGER NOT NULL,
     delivered_at INTEGER NOT NULL,
     profile_id INTEGER NOT NULL REFERENCES profile (id)
   , users INTEGER, outcomes TEXT) STRICT;

CREATE TABLE delivered_salt (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    salt TEXT NOT NULL
  ) STRICT;

CREATE TABLE delivered_user (
    part INTEGER NOT NULL,
    digest INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    PRIMARY KEY (part, digest, batch)
  ) STRICT, WITHOUT ROWID;

CREATE TABLE first_seen (
    connection TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (connection, kind, name)
  ) STRICT;

CREATE TABLE id_summary (
    connection TEXT NOT NULL,
    day TEXT NOT NULL,
    revision INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (connection, day)
  ) STRICT;

CREATE TABLE job_document (
    connection TEXT NOT NULL,
    job TEXT NOT NULL,
    key TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (connection, job, key)
  ) STRICT, WITHOUT ROWID;

CREATE TABLE mapping_history (
    connection TEXT NOT NULL,
    since INTEGER NOT NULL,
    options TEXT NOT NULL,
    PRIMARY KEY (connection, since)
  ) STRICT;

CREATE TABLE metric_history (
    connection TEXT NOT NULL,
    length TEXT NOT NULL,
    at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (connection, length, at)
  ) STRICT, WITHOUT ROWID;

CREATE TABLE probe (
     id INTEGER PRIMARY KEY CHECK (id = 1),
     payload BLOB NOT NULL
   ) STRICT;

CREATE TABLE profile (
     id INTEGER PRIMARY KEY,
     text TEXT NOT NULL UNIQUE
   ) STRICT;

CREATE TABLE receipt_entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    number TEXT NOT NULL,
    at INTEGER NOT NULL,
    text TEXT NOT NULL
  ) STRICT;

CREATE TABLE reconciliation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    connection TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'running',
    text TEXT NOT NULL DEFAULT ''
  , renewed_at INTEGER NOT NULL DEFAULT 0, is_daily INTEGER NOT NULL DEFAULT 1) STRICT;

CREATE TABLE schema_step (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT;

CREATE TABLE standing_failure (
    connection TEXT NOT NULL,
    kind TEXT NOT NULL,
    since INTEGER NOT NULL,
    last INTEGER NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (connection, kind)
  ) STRICT, WITHOUT ROWID;

CREATE TABLE tally (
     connection TEXT NOT NULL,
     kind TEXT NOT NULL,
     reason TEXT NOT NULL,
     count INTEGER NOT NULL CHECK (count >= 0),
     PRIMARY KEY (connection, kind, reason)
   ) STRICT, WITHOUT ROWID;

CREATE TABLE tombstone (
    digest TEXT PRIMARY KEY,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

CREATE TABLE tombstone_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    salt TEXT NOT NULL,
    revision INTEGER NOT NULL
  ) STRICT;

CREATE TABLE vendor_deletion (
    number TEXT NOT NULL,
    project TEXT NOT NULL,
    connection TEXT NOT NULL,
    state TEXT NOT NULL,
    since INTEGER NOT NULL,
    due_at INTEGER,
    revision INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (number, project)
  ) STRICT, WITHOUT ROWID;

CREATE INDEX audit_at ON audit (at);

CREATE INDEX batch_deaths ON batch (connection, id) WHERE deaths > 0;

CREATE INDEX batch_due ON batch (connection, due_at);

CREATE INDEX braze_user_external_id ON braze_user (external_id);

CREATE INDEX braze_user_seen ON braze_user (seen);

CREATE UNIQUE INDEX cohort_chunk_position ON cohort_chunk (run, position);

CREATE INDEX cohort_history_sync ON cohort_history (sync, id);

CREATE UNIQUE INDEX cohort_ledger_chunk_last ON cohort_ledger_chunk (ledger, part, last);

CREATE INDEX cohort_ledger_sync ON cohort_ledger (sync, run);

CREATE UNIQUE INDEX cohort_page_number ON cohort_page (group_id, page, digest, without_id, members);

CREATE INDEX dead_letter_died ON dead_letter (died_at);

CREATE INDEX dead_letter_insert_id ON dead_letter (insert_id);

CREATE INDEX dead_letter_reason ON dead_letter (connection, reason);

CREATE INDEX delete_request_at ON delete_request (at, braze);

CREATE INDEX delete_request_waiting ON delete_request (at, braze) WHERE state = 'waiting';

CREATE INDEX delivered_at ON delivered (delivered_at);

CREATE INDEX delivered_connection ON delivered (connection, id);

CREATE INDEX delivered_without_users ON delivered (connection, id) WHERE users IS NULL;

CREATE INDEX receipt_entry_number ON receipt_entry (number);

CREATE INDEX reconciliation_connection ON reconciliation (connection, id);

CREATE INDEX vendor_deletion_turn ON vendor_deletion (state, due_at) WHERE due_at IS NOT NULL;
