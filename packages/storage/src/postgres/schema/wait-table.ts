/**
 * `connection_wait` holds the last wait of each connection: from `since` to `until`, on the database's time.
 * `detail` is a vendor's text.
 */
export const waitTable = `
  CREATE TABLE connection_wait (
    connection TEXT COLLATE "C" PRIMARY KEY,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    detail BYTEA NOT NULL,
    failures INTEGER NOT NULL
  );`;
