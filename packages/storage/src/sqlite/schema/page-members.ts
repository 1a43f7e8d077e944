/**
 * How many members each page of a cohort holds; a page of a former release does not say. The index has all
 * that the list of groups needs, so that no body is read for it.
 */
export const pageMembers = `
   ALTER TABLE cohort_page ADD COLUMN members INTEGER;
   DROP INDEX cohort_page_number;
   CREATE UNIQUE INDEX cohort_page_number ON cohort_page (group_id, page, digest, without_id, members);`;
