/** `id_summary` holds a JSON text per connection and day: counts and a sample of the user ids in events. */
export const idSummaryTable = `
  CREATE TABLE id_summary (
    connection TEXT NOT NULL,
    day TEXT NOT NULL,
    revision INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (connection, day)
  ) STRICT;`;
