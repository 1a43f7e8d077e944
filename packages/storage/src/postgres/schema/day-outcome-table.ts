/**
 * `day_outcome` counts, by name and day, what became of events that were not simply imported; one row for each
 * shard. Dead letters have their name and day in their row, since they end: those from before this step count on
 * no day.
 */
export const dayOutcomeTable = `
  CREATE TABLE day_outcome (
    connection TEXT COLLATE "C" NOT NULL,
    day TEXT COLLATE "C" NOT NULL,
    event BYTEA NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    shard SMALLINT NOT NULL,
    count BIGINT NOT NULL
  ) WITH (fillfactor = 50);
  CREATE UNIQUE INDEX day_outcome_key ON day_outcome (connection, day, sha256(event), kind, reason, shard);
  ALTER TABLE dead_letter ADD COLUMN day TEXT COLLATE "C", ADD COLUMN event BYTEA;`;
