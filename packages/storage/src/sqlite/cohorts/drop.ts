import type { DatabaseSync } from 'node:sqlite';

/** Deletes a group with its pages; returns how many there were. */
export function prepareDropGroup(db: DatabaseSync): (group: number) => number {
  const dropPages = db.prepare('DELETE FROM cohort_page WHERE group_id = ?');
  const dropGroup = db.prepare('DELETE FROM cohort_group WHERE id = ?');
  return group => {
    const pages = Number(dropPages.run(group).changes);
    dropGroup.run(group);
    return pages;
  };
}

/** Deletes a run with its chunks. */
export function prepareDropRun(db: DatabaseSync): (run: number) => void {
  const dropChunks = db.prepare('DELETE FROM cohort_chunk WHERE run = ?');
  const dropRun = db.prepare('DELETE FROM cohort_run WHERE id = ?');
  return run => {
    dropChunks.run(run);
    dropRun.run(run);
  };
}
