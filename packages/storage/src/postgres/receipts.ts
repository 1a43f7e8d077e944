import type { DeletionSummary, ReceiptEntry, Receipts, VendorDeletion } from '../ports/index.ts';
import { deletionColumns, deletionSummary, dueDeletions } from '../shared/deletion-columns.ts';
import { recordOf } from '../shared/records.ts';
import type { Database } from './server/database.ts';

export function receipts(database: Database): Receipts {
  const rows = async <Row extends object>(sql: string, values: unknown[]) =>
    (await database.query<Record<string, unknown>>(sql, values)).map(row => recordOf<Row>(row));
  return {
    async append({ number, at, text }) {
      const [stored] = await database.query<{ id: number }>(
        'INSERT INTO receipt_entry (number, at, text) VALUES ($1, $2, $3) RETURNING id',
        [number, at, text],
      );
      return stored!.id;
    },
    async replace(id, text) {
      await database.query('UPDATE receipt_entry SET text = $2 WHERE id = $1', [id, text]);
    },
    entries: ({ number, before = Number.MAX_SAFE_INTEGER, limit }) =>
      rows<ReceiptEntry>(
        `SELECT id, number, at, text FROM receipt_entry
         WHERE id < $1 ${number === undefined ? '' : 'AND number = $3'} ORDER BY id DESC LIMIT $2`,
        [before, limit, ...(number === undefined ? [] : [number])],
      ),
    deletions: number =>
      rows<VendorDeletion>(
        `SELECT ${deletionColumns} FROM vendor_deletion WHERE number = $1 ORDER BY project`,
        [number],
      ),
    deletionsOf: connection =>
      rows<VendorDeletion>(
        `SELECT ${deletionColumns} FROM vendor_deletion WHERE connection = $1 ORDER BY number, project`,
        [connection],
      ),
    due: () => rows<VendorDeletion>(dueDeletions, []),
    async put({ number, project, connection, state, since, dueAt = null, text }, replaced) {
      const values = [number, project, connection, state, since, dueAt, text];
      const stored =
        replaced === undefined
          ? await database.query(
              `INSERT INTO vendor_deletion (number, project, connection, state, since, due_at, revision, text)
               VALUES ($1, $2, $3, $4, $5, $6, 1, $7) ON CONFLICT DO NOTHING RETURNING 1`,
              values,
            )
          : await database.query(
              `UPDATE vendor_deletion SET connection = $3, state = $4, since = $5, due_at = $6,
                 revision = revision + 1, text = $7
               WHERE number = $1 AND project = $2 AND revision = $8 RETURNING 1`,
              [...values, replaced],
            );
      return stored.length === 1;
    },
    summary: ({ waitingBefore, followedBefore, failedAfter }) =>
      rows<DeletionSummary>(deletionSummary('$1::bigint', '$2::bigint', '$3::bigint'), [
        ...[waitingBefore, followedBefore, failedAfter],
      ]),
  };
}
