/**
 * `id_summary` holds a JSON text per connection and day: counts and a sample of the user ids in events. The text
 * is ASCII, so ids with any character fit.
 */
export const idSummaryTable = `
  CREATE TABLE id_summary (
    connection TEXT COLLATE "C" NOT NULL,
    day TEXT COLLATE "C" NOT NULL,
    revision INTEGER NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (connection, day)
  );`;
