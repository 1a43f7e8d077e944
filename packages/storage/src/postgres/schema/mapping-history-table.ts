/** `mapping_history` has the mapping options of each connection, with the time from which they were in force. */
export const mappingHistoryTable = `
  CREATE TABLE mapping_history (
    connection TEXT COLLATE "C" NOT NULL,
    since BIGINT NOT NULL,
    options BYTEA NOT NULL,
    PRIMARY KEY (connection, since)
  );`;
