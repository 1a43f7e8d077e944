/** `standing` is 1 for a job without an end, which collects the new files of a source. */
export const standingJobs = `ALTER TABLE backfill ADD COLUMN standing INTEGER NOT NULL DEFAULT 0;`;
