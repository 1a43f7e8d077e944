/** `metric_history` holds a JSON text per connection and minute or hour: the figures that charts show. */
export const metricHistoryTable = `
  CREATE TABLE metric_history (
    connection TEXT NOT NULL,
    length TEXT NOT NULL,
    at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (connection, length, at)
  ) STRICT, WITHOUT ROWID;`;
