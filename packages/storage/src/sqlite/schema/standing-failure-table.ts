/** `standing_failure` holds since when a connection's Current fails, or Mixpanel refuses its credentials. */
export const standingFailureTable = `
  CREATE TABLE standing_failure (
    connection TEXT NOT NULL,
    kind TEXT NOT NULL,
    since INTEGER NOT NULL,
    last INTEGER NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (connection, kind)
  ) STRICT, WITHOUT ROWID;`;
