import type { CohortCommit, CohortDocument, CohortStore } from '../../ports/index.ts';
import type { Command } from '../thread/command.ts';
import { erasing } from '../upkeep/erase.ts';
import { prepareDropGroup, prepareDropRun } from './drop.ts';
import { prepareAssignLedger, prepareCountSent, prepareDropLedgers, preparePutChunk } from './ledgers.ts';

/** Entries of the history, and digests of ended groups, that are kept of each sync. */
const kept = 200;

export const documents: Command<CohortStore['documents']> = db => {
  const list = db.prepare('SELECT key, text FROM cohort_document ORDER BY key');
  return () => list.all() as unknown as CohortDocument[];
};

/** All parts in the one transaction of the call. */
export const commit: Command<CohortStore['commit']> = db => {
  const put = db.prepare(
    'INSERT INTO cohort_document (key, text) VALUES (?, ?) ON CONFLICT DO UPDATE SET text = excluded.text',
  );
  const remove = db.prepare('DELETE FROM cohort_document WHERE key = ?');
  const dropRun = prepareDropRun(db);
  const remember = db.prepare(
    `INSERT OR REPLACE INTO cohort_ended (sync, session, action, digest)
     SELECT sync, session, action, ? FROM cohort_group WHERE id = ?`,
  );
  const dropGroup = prepareDropGroup(db);
  const syncOf = db.prepare('SELECT sync FROM cohort_group WHERE id = ?');
  const groupsOf = db.prepare('SELECT id FROM cohort_group WHERE sync = ?');
  const record = db.prepare('INSERT INTO cohort_history (sync, text) VALUES (?, ?)');
  const trim = (table: 'cohort_ended' | 'cohort_history') =>
    db.prepare(
      `DELETE FROM ${table} WHERE sync = :sync AND id <=
         (SELECT id FROM ${table} WHERE sync = :sync ORDER BY id DESC LIMIT 1 OFFSET ${kept})`,
    );
  const trimEnded = trim('cohort_ended');
  const trimHistory = trim('cohort_history');
  const dropEntry = db.prepare('DELETE FROM cohort_history WHERE id = ?');
  const assignLedger = prepareAssignLedger(db);
  const dropChunk = db.prepare('DELETE FROM cohort_ledger_chunk WHERE id = ?');
  const putChunk = preparePutChunk(db);
  const countSent = prepareCountSent(db);
  const dropLedgers = prepareDropLedgers(db);
  const dropOpen = prepareDropLedgers(db, 'run IS NULL');
  const forgetters = ['cohort_ended', 'cohort_history', 'cohort_day'].map(table =>
    db.prepare(`DELETE FROM ${table} WHERE sync = ?`),
  );

  const write = ({
    documents = [],
    dropRuns = [],
    endGroups = [],
    history,
    dropHistory = [],
    ledgers = { drop: [], put: [] },
    dropOpenLedgers,
    sent,
    forget,
  }: CohortCommit) => {
    for (const { key, text } of documents) {
      if (text === null) remove.run(key);
      else put.run(key, text);
    }
    for (const run of dropRuns) dropRun(run);
    for (const { group, digest } of endGroups) {
      if (digest !== undefined) remember.run(digest, group);
      const ended = syncOf.get(group) as { sync: string } | undefined;
      dropGroup(group);
      if (ended !== undefined) trimEnded.run({ sync: ended.sync });
    }
    if (history !== undefined) {
      const { sync, text, ledger } = history;
      const run = Number(record.run(sync, text).lastInsertRowid);
      trimHistory.run({ sync });
      if (ledger !== undefined) assignLedger(sync, ledger, run);
    }
    for (const id of dropHistory) dropEntry.run(id);
    for (const id of ledgers.drop) dropChunk.run(id);
    for (const chunk of ledgers.put) putChunk(chunk);
    if (dropOpenLedgers !== undefined) dropOpen(dropOpenLedgers);
    if (sent !== undefined) countSent(sent);
    if (forget !== undefined) {
      for (const { id } of groupsOf.all(forget) as { id: number }[]) dropGroup(id);
      for (const forgetter of forgetters) forgetter.run(forget);
      dropLedgers(forget);
    }
  };
  return change => (change.erase ? erasing(db, () => write(change)) : write(change));
};
