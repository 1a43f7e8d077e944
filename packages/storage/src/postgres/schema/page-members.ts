/** How many members each page of a cohort holds; a page of a former release does not say. */
export const pageMembers = 'ALTER TABLE cohort_page ADD COLUMN members BIGINT;';
