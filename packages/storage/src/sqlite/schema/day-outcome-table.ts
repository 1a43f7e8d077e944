/**
 * `day_outcome` counts, by name and day, what became of events that were not simply imported. Dead letters have
 * their name and day in their row, since they end: those from before this step count on no day.
 */
export const dayOutcomeTable = `
  CREATE TABLE day_outcome (
    connection TEXT NOT NULL,
    day TEXT NOT NULL,
    event TEXT NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    count INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (connection, day, event, kind, reason)
  ) STRICT, WITHOUT ROWID;
  ALTER TABLE dead_letter ADD COLUMN day TEXT;
  ALTER TABLE dead_letter ADD COLUMN event TEXT;`;
