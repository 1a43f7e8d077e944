/**
 * When the newest page of a group came, milliseconds since 1970. Groups from before, and those of older
 * programs, are as old as their row.
 */
export const pageAge = `
  ALTER TABLE cohort_group ADD COLUMN touched_at BIGINT NOT NULL
    DEFAULT (extract(epoch FROM clock_timestamp()) * 1000)::bigint;`;
