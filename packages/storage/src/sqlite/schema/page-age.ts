/**
 * When the newest page of a group came, milliseconds since 1970. Groups from before are as old as this step.
 */
export const pageAge = `
   ALTER TABLE cohort_group ADD COLUMN touched_at INTEGER NOT NULL DEFAULT 0;
   UPDATE cohort_group SET touched_at = CAST(unixepoch('subsec') * 1000 AS INTEGER);`;
