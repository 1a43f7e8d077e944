/**
 * Back-fills, and how far the files of each were read. Texts that come from outside are UTF-8 in BYTEA.
 * `problem` is empty where a job has none. A file is found by the digest of its path, which may be longer than
 * an index allows.
 */
export const backfillTables = `
  CREATE TABLE backfill (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    connection TEXT COLLATE "C" NOT NULL,
    source BYTEA NOT NULL,
    options BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL DEFAULT 'running',
    changed_at BIGINT NOT NULL,
    problem BYTEA NOT NULL DEFAULT '',
    report BYTEA NOT NULL DEFAULT '',
    revision BIGINT NOT NULL DEFAULT 0
  );

  CREATE TABLE collected_file (
    connection TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    path BYTEA NOT NULL,
    version BYTEA NOT NULL,
    position BIGINT NOT NULL,
    done BOOLEAN NOT NULL
  );
  CREATE UNIQUE INDEX collected_file_key ON collected_file (connection, scope, sha256(path));

  INSERT INTO replica_lease (name) VALUES ('backfill');`;
