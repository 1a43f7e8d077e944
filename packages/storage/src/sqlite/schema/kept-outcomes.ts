/** What became of each event of a kept body, as the service wrote it; NULL where an older version kept the body. */
export const keptOutcomes = `
  ALTER TABLE delivered ADD COLUMN outcomes TEXT;`;
