/** `first_seen` holds names that events had and the connection's catalogue version lacks. */
export const firstSeenTable = `
  CREATE TABLE first_seen (
    connection TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    day TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (connection, kind, name)
  );`;
