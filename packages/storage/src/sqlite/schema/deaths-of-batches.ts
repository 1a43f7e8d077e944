/** How often a batch was in hand when its owner died; `acquit` sets it back. */
export const deathsOfBatches = `
  ALTER TABLE batch ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX batch_deaths ON batch (connection, id) WHERE deaths > 0;`;
