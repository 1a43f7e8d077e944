import { cohortDocuments, commitCohort } from './commit.ts';
import { listCohortGroups, listCohortHistory, putCohortPage, readCohortPages } from './pages.ts';
import { appendCohortChunks, createCohortRun, keepOnlyCohortRuns, readCohortChunks } from './runs.ts';

/** What the storage thread answers about cohorts; spread into the table of all commands. */
export const cohortCommands = {
  cohortDocuments,
  commitCohort,
  createCohortRun,
  appendCohortChunks,
  readCohortChunks,
  keepOnlyCohortRuns,
  putCohortPage,
  listCohortGroups,
  readCohortPages,
  listCohortHistory,
};
