import type { CohortStore } from '../../ports/index.ts';
import type { WorkerLink } from '../thread/worker-link.ts';

/** The port of cohort storage over the storage thread. */
export function cohortStore(link: WorkerLink): CohortStore {
  return {
    documents: () => link.call('cohortDocuments', undefined),
    commit: change => link.call('commitCohort', change),
    createRun: () => link.call('createCohortRun', undefined),
    appendChunks: chunks => link.call('appendCohortChunks', chunks),
    readChunks: request => link.call('readCohortChunks', request),
    keepOnlyRuns: runs => link.call('keepOnlyCohortRuns', runs),
    putPage: page => link.call('putCohortPage', page),
    groups: sync => link.call('listCohortGroups', sync),
    readPages: request => link.call('readCohortPages', request),
    history: request => link.call('listCohortHistory', request),
  };
}
