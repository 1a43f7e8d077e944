import { replicaTables } from '../replicas/tables.ts';
import { auditTables } from './audit-tables.ts';
import { backfillTables } from './backfill-tables.ts';
import { brazeUserTables } from './braze-user-tables.ts';
import { cohortLedgerTables } from './cohort-ledger-tables.ts';
import { cohortTables } from './cohort-tables.ts';
import { dailyReconciliations } from './daily-reconciliations.ts';
import { dayOutcomeTable } from './day-outcome-table.ts';
import { deathsOfBatches } from './deaths-of-batches.ts';
import { deliveredUserTable } from './delivered-user-table.ts';
import { firstSeenTable } from './first-seen-table.ts';
import { idSummaryTable } from './id-summary-table.ts';
import { jobDocumentTable } from './job-document-table.ts';
import { journalTables } from './journal-tables.ts';
import { keptOutcomes } from './kept-outcomes.ts';
import { listIndexes } from './list-indexes.ts';
import { mappingHistoryTable } from './mapping-history-table.ts';
import { metricHistoryTable } from './metric-history-table.ts';
import { pageAge } from './page-age.ts';
import { pageMembers } from './page-members.ts';
import { receiptTables } from './receipt-tables.ts';
import { reconciliationTables } from './reconciliation-tables.ts';
import { renewedReconciliations } from './renewed-reconciliations.ts';
import { requestReceipts } from './request-receipts.ts';
import { standingFailureTable } from './standing-failure-table.ts';
import { standingJobs } from './standing-jobs.ts';
import { tombstoneTables } from './tombstone-tables.ts';
import { unreadablePlaces } from './unreadable-places.ts';
import { waitTable } from './wait-table.ts';

/**
 * One change of the tables. A step is never edited once it was released; its number is its place in the list,
 * from 1.
 *
 * - `expand` only adds: programs that do not know the step go on working. It is applied at start.
 * - `contract` removes what only older programs use. It is applied on request (`migrate apply --contract`),
 *   when none of them runs: `needs` is the number of steps that a program must know to live with it.
 */
export type Step = { name: string; sql: string } & ({ kind: 'expand' } | { kind: 'contract'; needs: number });

/** All steps of the schema, in order. A step is never edited after its release. */
export const steps: readonly Step[] = [
  { name: 'journal and dead letters', kind: 'expand', sql: journalTables },
  { name: 'cohorts', kind: 'expand', sql: cohortTables },
  { name: 'audit log', kind: 'expand', sql: auditTables },
  { name: 'replicas', kind: 'expand', sql: replicaTables },
  { name: 'waits of connections', kind: 'expand', sql: waitTable },
  { name: 'deaths of batches', kind: 'expand', sql: deathsOfBatches },
  { name: 'age of cohort pages', kind: 'expand', sql: pageAge },
  { name: 'members of cohort pages', kind: 'expand', sql: pageMembers },
  { name: 'back-fills', kind: 'expand', sql: backfillTables },
  { name: 'summaries of user ids', kind: 'expand', sql: idSummaryTable },
  { name: 'names first seen', kind: 'expand', sql: firstSeenTable },
  { name: 'standing jobs', kind: 'expand', sql: standingJobs },
  { name: 'standing failures', kind: 'expand', sql: standingFailureTable },
  { name: 'history of mapping options', kind: 'expand', sql: mappingHistoryTable },
  { name: 'places that could not be read', kind: 'expand', sql: unreadablePlaces },
  { name: 'outcomes by day', kind: 'expand', sql: dayOutcomeTable },
  { name: 'reconciliations', kind: 'expand', sql: reconciliationTables },
  { name: 'ledgers of cohorts', kind: 'expand', sql: cohortLedgerTables },
  { name: 'signs of running reconciliations', kind: 'expand', sql: renewedReconciliations },
  { name: 'documents of jobs', kind: 'expand', sql: jobDocumentTable },
  { name: 'history of metrics', kind: 'expand', sql: metricHistoryTable },
  { name: 'users of kept bodies', kind: 'expand', sql: deliveredUserTable },
  { name: 'tombstones of forgotten users', kind: 'expand', sql: tombstoneTables },
  { name: 'receipts of forgotten users', kind: 'expand', sql: receiptTables },
  { name: 'IDs of Braze users', kind: 'expand', sql: brazeUserTables },
  { name: 'receipts of requests to delete users', kind: 'expand', sql: requestReceipts },
  { name: 'outcomes of kept events', kind: 'expand', sql: keptOutcomes },
  { name: 'kinds of reconciliations', kind: 'expand', sql: dailyReconciliations },
  { name: 'indexes of lists', kind: 'expand', sql: listIndexes },
];
