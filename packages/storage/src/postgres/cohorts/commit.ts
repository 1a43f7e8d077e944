import type { Queryable } from '../server/database.ts';
import { read, stored } from '../server/types-on-the-wire.ts';
import type { Cohorts } from './cohort-method.ts';
import { appendLedger, assignLedger, countSent, dropLedgers } from './ledgers.ts';
import { dropGroups } from './pages.ts';
import { dropRuns } from './runs.ts';

/** Entries of the history, and digests of ended groups, that are kept of each sync. */
const kept = 200;

export const documents: Cohorts<'documents'> = async connection => {
  const rows = await connection.query<{ key: string; text: Uint8Array }>(
    'SELECT key, text FROM cohort_document ORDER BY key',
  );
  return rows.map(({ key, text }) => ({ key, text: read(text) }));
};

/** All parts, in the transaction of the caller. */
export const commit: Cohorts<'commit'> = async (connection, change) => {
  const { documents = [], dropRuns: runs = [], endGroups = [], history, dropHistory = [], forget } = change;
  const { ledgers, dropOpenLedgers, sent } = change;
  for (const { key, text } of documents) {
    if (text === null) await connection.query('DELETE FROM cohort_document WHERE key = $1', [key]);
    else {
      await connection.query(
        'INSERT INTO cohort_document (key, text) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET text = excluded.text',
        [key, stored(text)],
      );
    }
  }
  if (runs.length > 0) await dropRuns(connection, runs);
  for (const { group, digest } of endGroups) await endGroup(connection, group, digest);
  if (history !== undefined) {
    const { sync, text, ledger } = history;
    const [run] = await connection.query<{ id: number }>(
      'INSERT INTO cohort_history (sync, text) VALUES ($1, $2) RETURNING id',
      [sync, stored(text)],
    );
    await trim(connection, 'cohort_history', sync);
    if (ledger !== undefined) await assignLedger(connection, { sync, ledger, run: run!.id });
  }
  if (dropHistory.length > 0)
    await connection.query('DELETE FROM cohort_history WHERE id = ANY ($1)', [dropHistory]);
  if (ledgers !== undefined) {
    await connection.query('DELETE FROM cohort_ledger_chunk WHERE id = ANY ($1)', [ledgers.drop]);
    await appendLedger(connection, ledgers.put);
  }
  if (dropOpenLedgers !== undefined) await dropLedgers(connection, dropOpenLedgers, 'run IS NULL');
  if (sent !== undefined) await countSent(connection, sent);
  if (forget !== undefined) await forgetSync(connection, forget);
};

async function endGroup(connection: Queryable, group: number, digest: string | undefined): Promise<void> {
  if (digest !== undefined) {
    const key = 'SELECT sync, sha256(session), action FROM cohort_group WHERE id = $1';
    await connection.query(`DELETE FROM cohort_ended WHERE (sync, sha256(session), action) = (${key})`, [
      group,
    ]);
    const [ended] = await connection.query<{ sync: string }>(
      `INSERT INTO cohort_ended (sync, session, action, digest)
       SELECT sync, session, action, $2 FROM cohort_group WHERE id = $1 RETURNING sync`,
      [group, digest],
    );
    if (ended !== undefined) await trim(connection, 'cohort_ended', ended.sync);
  }
  await dropGroups(connection, [group]);
}

async function trim(
  connection: Queryable,
  table: 'cohort_ended' | 'cohort_history',
  sync: string,
): Promise<void> {
  await connection.query(
    `DELETE FROM ${table} WHERE sync = $1 AND id <=
       (SELECT id FROM ${table} WHERE sync = $1 ORDER BY id DESC LIMIT 1 OFFSET ${kept})`,
    [sync],
  );
}

async function forgetSync(connection: Queryable, sync: string): Promise<void> {
  const groups = await connection.query<{ id: number }>('SELECT id FROM cohort_group WHERE sync = $1', [
    sync,
  ]);
  await dropGroups(
    connection,
    groups.map(({ id }) => id),
  );
  await connection.query('DELETE FROM cohort_ended WHERE sync = $1', [sync]);
  await connection.query('DELETE FROM cohort_history WHERE sync = $1', [sync]);
  await connection.query('DELETE FROM cohort_day WHERE sync = $1', [sync]);
  await dropLedgers(connection, sync);
}
