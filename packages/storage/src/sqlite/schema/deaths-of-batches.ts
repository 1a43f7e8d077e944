/** How often a batch was leased when its owner died; `acquit` resets it. */
export const deathsOfBatches = `
  ALTER TABLE batch ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX batch_deaths ON batch (connection, id) WHERE deaths > 0;`;
