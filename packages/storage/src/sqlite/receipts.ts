import type { DeletionSummary, ReceiptEntry, Receipts, VendorDeletion } from '../ports/index.ts';
import { deletionColumns, deletionSummary, dueDeletions } from '../shared/deletion-columns.ts';
import { recordOf } from '../shared/records.ts';
import type { Command } from './thread/command.ts';
import { erasing } from './upkeep/erase.ts';

export const append: Command<Receipts['append']> = db => {
  const add = db.prepare('INSERT INTO receipt_entry (number, at, text) VALUES (?, ?, ?)');
  return ({ number, at, text }) => Number(add.run(number, at, text).lastInsertRowid);
};

export const replace: Command<Receipts['replace']> = db => {
  const update = db.prepare('UPDATE receipt_entry SET text = ? WHERE id = ?');
  return (id, text) => void update.run(text, id);
};

export const entries: Command<Receipts['entries']> = db => {
  const [ofAll, ofOne] = ['', ' AND number = :number'].map(condition =>
    db.prepare(
      `SELECT id, number, at, text FROM receipt_entry WHERE id < :before${condition} ORDER BY id DESC LIMIT :limit`,
    ),
  );
  return ({ number, before = Number.MAX_SAFE_INTEGER, limit }) => {
    const rows = number === undefined ? ofAll!.all({ before, limit }) : ofOne!.all({ number, before, limit });
    return rows.map(row => recordOf<ReceiptEntry>(row));
  };
};

export const deletions: Command<Receipts['deletions']> = db => {
  const find = db.prepare(`SELECT ${deletionColumns} FROM vendor_deletion WHERE number = ? ORDER BY project`);
  return number => find.all(number).map(row => recordOf<VendorDeletion>(row));
};

export const deletionsOf: Command<Receipts['deletionsOf']> = db => {
  const find = db.prepare(
    `SELECT ${deletionColumns} FROM vendor_deletion WHERE connection = ? ORDER BY number, project`,
  );
  return connection => find.all(connection).map(row => recordOf<VendorDeletion>(row));
};

export const due: Command<Receipts['due']> = db => {
  const find = db.prepare(dueDeletions);
  return () => find.all().map(row => recordOf<VendorDeletion>(row));
};

export const put: Command<Receipts['put']> = db => {
  const add = db.prepare(
    `INSERT INTO vendor_deletion (number, project, connection, state, since, due_at, revision, text)
     VALUES (:number, :project, :connection, :state, :since, :dueAt, 1, :text) ON CONFLICT DO NOTHING`,
  );
  const replace = db.prepare(
    `UPDATE vendor_deletion SET connection = :connection, state = :state, since = :since, due_at = :dueAt,
       revision = revision + 1, text = :text
     WHERE number = :number AND project = :project AND revision = :replaced`,
  );
  return ({ number, project, connection, state, since, dueAt = null, text }, replaced) => {
    const row = { number, project, connection, state, since, dueAt, text };
    const { changes } =
      replaced === undefined ? add.run(row) : erasing(db, () => replace.run({ ...row, replaced }));
    return changes === 1;
  };
};

export const summary: Command<Receipts['summary']> = db => {
  const find = db.prepare(deletionSummary(':waitingBefore', ':followedBefore', ':failedAfter'));
  return times => find.all({ ...times }).map(row => recordOf<DeletionSummary>(row));
};
