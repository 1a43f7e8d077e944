/** `braze_user` has external IDs by a digest of Braze's ID, `delete_request` Braze's requests to delete users. */
export const brazeUserTables = `
  CREATE TABLE braze_user (
    braze TEXT COLLATE "C" NOT NULL,
    external_id BYTEA NOT NULL,
    seen BIGINT NOT NULL
  );
  CREATE UNIQUE INDEX braze_user_key ON braze_user (braze, sha256(external_id));
  CREATE INDEX braze_user_external_id ON braze_user (sha256(external_id));
  CREATE INDEX braze_user_seen ON braze_user (seen);

  CREATE TABLE delete_request (
    braze TEXT COLLATE "C" PRIMARY KEY,
    at BIGINT NOT NULL,
    state TEXT NOT NULL
  );`;
