/**
 * The tables of the journal and of dead letters. Moments are milliseconds since 1970. Names of ours compare
 * by their bytes (COLLATE "C"); texts that came from a vendor are UTF-8 in BYTEA, since PostgreSQL's TEXT
 * can't hold NUL.
 *
 * - `batch` is the queue and is small. `due_at` is 0 until a delivery failed, then the moment of the next
 *   attempt, on the database's time; below 0 it is the negative of the moment until which the row is held, on
 *   the service's clock. A lease changes only `owner` and `leased_until`, which no index holds, in the space
 *   that the fill factor leaves on the page: a HOT update, which needs no vacuum.
 * - The bytes are in tables of their own, one per segment (`batch_body_<segment>`, made like `batch_body`):
 *   written by one process for some minutes, then sealed, and dropped whole when no row refers to it any
 *   more. No body is deleted row by row.
 * - `tally` and `day_count` hold what is counted for ever, each counter in several parts (`shard`, one per
 *   process), so that the replicas do not wait for each other's commits. `pending` is no counter but the rows
 *   of `batch`, so that conservation can fail and be seen.
 */
export const journalTables = `
  CREATE TABLE profile (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    text BYTEA NOT NULL
  );
  CREATE UNIQUE INDEX profile_text ON profile (sha256(text));

  CREATE TABLE segment (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    opened_at BIGINT NOT NULL,
    sealed_at BIGINT,
    bytes BIGINT
  );
  CREATE TABLE batch_body (
    id BIGINT PRIMARY KEY,
    body BYTEA NOT NULL
  );
  DO $$ BEGIN
    ALTER TABLE batch_body ALTER COLUMN body SET COMPRESSION lz4;
  EXCEPTION WHEN feature_not_supported THEN NULL; -- built without it: then the older method does
  END $$;

  CREATE SEQUENCE batch_id;
  CREATE TABLE batch (
    id BIGINT PRIMARY KEY,
    connection TEXT COLLATE "C" NOT NULL,
    due_at BIGINT NOT NULL DEFAULT 0,
    leased_until BIGINT NOT NULL DEFAULT 0,
    received_at BIGINT NOT NULL,
    profile_id BIGINT NOT NULL,
    segment BIGINT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    events INTEGER NOT NULL CHECK (events >= 0),
    bytes INTEGER NOT NULL,
    owner TEXT COLLATE "C"
  ) WITH (fillfactor = 45, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0);
  CREATE INDEX batch_due ON batch (connection, due_at, id);
  CREATE INDEX batch_segment ON batch (segment);

  CREATE TABLE delivered (
    id BIGINT PRIMARY KEY,
    connection TEXT COLLATE "C" NOT NULL,
    delivered_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    profile_id BIGINT NOT NULL,
    segment BIGINT NOT NULL,
    events INTEGER NOT NULL,
    bytes INTEGER NOT NULL
  );
  CREATE INDEX delivered_connection ON delivered (connection, id);
  CREATE INDEX delivered_at ON delivered (delivered_at);
  CREATE INDEX delivered_segment ON delivered (segment);

  CREATE SEQUENCE tally_shard MAXVALUE 16 CYCLE;
  CREATE TABLE tally (
    connection TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    shard SMALLINT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (connection, kind, reason, shard)
  ) WITH (fillfactor = 30);

  CREATE TABLE day_count (
    connection TEXT COLLATE "C" NOT NULL,
    day TEXT COLLATE "C" NOT NULL,
    event BYTEA NOT NULL,
    shard SMALLINT NOT NULL,
    count BIGINT NOT NULL
  ) WITH (fillfactor = 50);
  CREATE UNIQUE INDEX day_count_key ON day_count (connection, day, sha256(event), shard);

  CREATE TABLE dead_letter (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    connection TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    event_type BYTEA,
    insert_id BYTEA,
    batch TEXT COLLATE "C",
    received_at BIGINT NOT NULL,
    died_at BIGINT NOT NULL,
    profile_id BIGINT NOT NULL,
    detail BYTEA NOT NULL,
    original BYTEA NOT NULL,
    mapped BYTEA
  );
  CREATE INDEX dead_letter_reason ON dead_letter (connection, reason);
  CREATE INDEX dead_letter_died ON dead_letter (died_at);
  CREATE INDEX dead_letter_insert_id ON dead_letter USING hash (insert_id);

  CREATE TABLE probe (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    payload BYTEA NOT NULL
  );
  ALTER TABLE probe ALTER COLUMN payload SET STORAGE EXTERNAL;`;
