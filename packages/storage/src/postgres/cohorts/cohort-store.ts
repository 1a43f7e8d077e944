import type { CohortStore } from '../../ports/index.ts';
import { withContext } from '../journal/journal-context.ts';
import type { Database, Queryable } from '../server/database.ts';
import { commit, documents } from './commit.ts';
import { appendLedger, createLedger, ledgers, readLedger, sentOnDays } from './ledgers.ts';
import { groups, history, putPage, readPages } from './pages.ts';
import { appendChunks, createRun, keepOnlyRuns, readChunks } from './runs.ts';

/**
 * The port of cohort storage. Each write is one transaction that begins with `fence`, which rejects while
 * another replica writes.
 */
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
    ...withContext(database, { documents, readChunks, groups, readPages, history }),
    ...withContext(database, { ledgers, readLedger, sentOnDays }),
    commit: change => write(connection => commit(connection, change)),
    createRun: () => write(createRun),
    appendChunks: chunks => write(connection => appendChunks(connection, chunks)),
    keepOnlyRuns: runs => write(connection => keepOnlyRuns(connection, runs)),
    createLedger: sync => write(connection => createLedger(connection, sync)),
    appendLedger: chunks => write(connection => appendLedger(connection, chunks)),
    putPage: page => write(connection => putPage(connection, page)),
  };
}
