/**
 * `delivered_user` finds the kept bodies of a user by a salted digest of the external ID. `delivered.users` is the
 * number of users with which a batch was kept, which removals do not lower; NULL where it has no index: it was kept
 * by an older version, or its users were not known.
 */
export const deliveredUserTable = `
  CREATE TABLE delivered_user (
    part INTEGER NOT NULL,
    digest INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    PRIMARY KEY (part, digest, batch)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE delivered_salt (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    salt TEXT NOT NULL
  ) STRICT;
  INSERT INTO delivered_salt VALUES (1, lower(hex(randomblob(16))));
  ALTER TABLE delivered ADD COLUMN users INTEGER;
  CREATE INDEX delivered_without_users ON delivered (connection, id) WHERE users IS NULL;`;
