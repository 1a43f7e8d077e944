/** `braze_user` has external IDs by a digest of Braze's ID, `delete_request` Braze's requests to delete users. */
export const brazeUserTables = `
  CREATE TABLE braze_user (
    braze TEXT NOT NULL,
    external_id BLOB NOT NULL,
    seen INTEGER NOT NULL,
    PRIMARY KEY (braze, external_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX braze_user_external_id ON braze_user (external_id);
  CREATE INDEX braze_user_seen ON braze_user (seen);

  CREATE TABLE delete_request (
    braze TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    state TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;`;
