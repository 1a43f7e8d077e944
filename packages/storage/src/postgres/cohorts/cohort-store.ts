import type { CohortStore } from '../../ports/index.ts';
import type { Database, Queryable } from '../server/database.ts';
import { commit, documents } from './commit.ts';
import { listGroups, listHistory, putPage, readPages } from './pages.ts';
import { appendChunks, createRun, keepOnlyRuns, readChunks } from './runs.ts';

/** The port of cohort storage. Each write is one transaction, which begins with `fence`: it rejects where another replica writes. */
export function cohortStore(
  database: Database,
  fence: (connection: Queryable) => Promise<void>,
): CohortStore {
  const write = <Result>(work: (connection: Queryable) => Promise<Result>) =>
    database.transaction(async connection => {
      await fence(connection);
      return work(connection);
    });
  return {
    documents: () => documents(database),
    commit: change => write(connection => commit(connection, change)),
    createRun: () => write(createRun),
    appendChunks: chunks => write(connection => appendChunks(connection, chunks)),
    readChunks: request => readChunks(database, request),
    keepOnlyRuns: runs => write(connection => keepOnlyRuns(connection, runs)),
    putPage: page => write(connection => putPage(connection, page)),
    groups: sync => listGroups(database, sync),
    readPages: request => readPages(database, request),
    history: request => listHistory(database, request),
  };
}
