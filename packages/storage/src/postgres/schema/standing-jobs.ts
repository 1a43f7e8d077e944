/** `standing` is true for a job without an end, which collects the new files of a source. */
export const standingJobs = `ALTER TABLE backfill ADD COLUMN standing BOOLEAN NOT NULL DEFAULT false;`;
