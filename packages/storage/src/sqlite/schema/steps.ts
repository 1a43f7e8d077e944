import type { DatabaseSync } from 'node:sqlite';
import { StorageError } from '../../ports/index.ts';
import { NOW } from '../thread/command.ts';
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
 * The tables, as steps forward only: a file made by any earlier version is brought up to date at open, in one
 * transaction; a file of a later version is refused untouched. A step is never edited once it was released.
 *
 * - `batch` is the queue and is small: a lease, a retry or a count never touches `batch_body`, where the
 *   bytes are. `due_at` is 0 until a delivery failed, then the moment of the next attempt, on the queue's
 *   time; below 0 it is the negative of the moment until which the row is held, on the service's clock. Ids
 *   are never used twice (AUTOINCREMENT), so a late `complete` can't meet another row.
 * - `tally` holds what is counted for ever; `pending` is no counter but the rows of `batch`, so that
 *   conservation can fail and be seen.
 * - `delivered` names the batches whose bytes stay in `batch_body` after their delivery.
 * - Leases are in a file of their own, `leases.lease` (see lease-file.ts): one process owns the file, so they
 *   need not outlive the machine.
 */
const steps: readonly string[] = [
  `CREATE TABLE profile (
     id INTEGER PRIMARY KEY,
     text TEXT NOT NULL UNIQUE
   ) STRICT;

   CREATE TABLE batch (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     connection TEXT NOT NULL,
     due_at INTEGER NOT NULL DEFAULT 0,
     attempts INTEGER NOT NULL DEFAULT 0,
     events INTEGER NOT NULL CHECK (events >= 0),
     bytes INTEGER NOT NULL,
     received_at INTEGER NOT NULL,
     profile_id INTEGER NOT NULL REFERENCES profile (id)
   ) STRICT;
   CREATE INDEX batch_due ON batch (connection, due_at);

   CREATE TABLE batch_body (
     id INTEGER PRIMARY KEY,
     body BLOB NOT NULL
   ) STRICT;

   CREATE TABLE tally (
     connection TEXT NOT NULL,
     kind TEXT NOT NULL,
     reason TEXT NOT NULL,
     count INTEGER NOT NULL CHECK (count >= 0),
     PRIMARY KEY (connection, kind, reason)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE dead_letter (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     connection TEXT NOT NULL,
     reason TEXT NOT NULL,
     event_type TEXT,
     insert_id TEXT,
     received_at INTEGER NOT NULL,
     died_at INTEGER NOT NULL,
     profile_id INTEGER NOT NULL REFERENCES profile (id),
     detail TEXT NOT NULL,
     original TEXT NOT NULL,
     mapped TEXT
   ) STRICT;
   CREATE INDEX dead_letter_reason ON dead_letter (connection, reason);

   CREATE TABLE probe (
     id INTEGER PRIMARY KEY CHECK (id = 1),
     payload BLOB NOT NULL
   ) STRICT;`,
  cohortTables,
  `CREATE TABLE delivered (
     id INTEGER PRIMARY KEY,
     connection TEXT NOT NULL,
     events INTEGER NOT NULL,
     bytes INTEGER NOT NULL,
     received_at INTEGER NOT NULL,
     delivered_at INTEGER NOT NULL,
     profile_id INTEGER NOT NULL REFERENCES profile (id)
   ) STRICT;
   CREATE INDEX delivered_connection ON delivered (connection, id);
   CREATE INDEX delivered_at ON delivered (delivered_at);

   CREATE TABLE day_count (
     connection TEXT NOT NULL,
     day TEXT NOT NULL,
     event TEXT NOT NULL,
     count INTEGER NOT NULL CHECK (count >= 0),
     PRIMARY KEY (connection, day, event)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE audit (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     at INTEGER NOT NULL,
     actor TEXT NOT NULL,
     action TEXT NOT NULL,
     detail TEXT NOT NULL
   ) STRICT;
   CREATE INDEX audit_at ON audit (at);

   CREATE INDEX dead_letter_died ON dead_letter (died_at);
   CREATE INDEX dead_letter_insert_id ON dead_letter (insert_id);
   ALTER TABLE dead_letter ADD COLUMN batch TEXT;`,
  waitTable,
  deathsOfBatches,
  pageAge,
  pageMembers,
  backfillTables,
  idSummaryTable,
  firstSeenTable,
  standingJobs,
  standingFailureTable,
  mappingHistoryTable,
  unreadablePlaces,
  dayOutcomeTable,
  reconciliationTables,
  cohortLedgerTables,
  renewedReconciliations,
  jobDocumentTable,
  metricHistoryTable,
  deliveredUserTable,
  tombstoneTables,
  receiptTables,
  brazeUserTables,
  requestReceipts,
  keptOutcomes,
  dailyReconciliations,
  listIndexes,
];

export function migrate(db: DatabaseSync): void {
  db.exec('BEGIN IMMEDIATE');
  db.exec(
    `CREATE TABLE IF NOT EXISTS schema_step (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT`,
  );
  const { version } = db.prepare('SELECT coalesce(max(version), 0) AS version FROM schema_step').get() as {
    version: number;
  };
  if (version > steps.length) {
    throw new StorageError(
      'corrupt',
      `Storage has tables of version ${version}, this program knows up to ${steps.length}. ` +
        'Run the newer version of the program, or point STORAGE_URL at another file.',
    );
  }
  for (const [index, step] of steps.entries()) {
    if (index < version) continue;
    db.exec(step);
    db.prepare(`INSERT INTO schema_step VALUES (?, ${NOW})`).run(index + 1);
  }
  db.exec('COMMIT');
}
