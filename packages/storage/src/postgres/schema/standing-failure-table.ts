/** `standing_failure` holds since when a connection's Current fails, or Mixpanel refuses its credentials. */
export const standingFailureTable = `
  CREATE TABLE standing_failure (
    connection TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    since BIGINT NOT NULL,
    last BIGINT NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (connection, kind)
  );`;
