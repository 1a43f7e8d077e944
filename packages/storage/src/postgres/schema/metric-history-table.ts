/** `metric_history` holds a JSON text per connection and minute or hour: the figures that charts show. */
export const metricHistoryTable = `
  CREATE TABLE metric_history (
    connection TEXT COLLATE "C" NOT NULL,
    length TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    revision INTEGER NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (connection, length, at)
  );`;
