/** `mapping_history` has the mapping options of each connection, with the time from which they were in force. */
export const mappingHistoryTable = `
  CREATE TABLE mapping_history (
    connection TEXT NOT NULL,
    since INTEGER NOT NULL,
    options TEXT NOT NULL,
    PRIMARY KEY (connection, since)
  ) STRICT;`;
