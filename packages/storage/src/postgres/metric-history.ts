import type { MetricHistory, StoredMetrics } from '../ports/index.ts';
import type { Database } from './server/database.ts';

const columns = 'connection, length, at, revision, text';
type Row = StoredMetrics & Record<string, unknown>;
const stored = (row: Row): StoredMetrics => ({ ...row, at: Number(row.at) });

export function metricHistory(database: Database): MetricHistory {
  return {
    async get({ connection, length, at }) {
      const [row] = await database.query<Row>(
        `SELECT ${columns} FROM metric_history WHERE connection = $1 AND length = $2 AND at = $3`,
        [connection, length, at],
      );
      return row && stored(row);
    },
    async list({ connection, length, from }) {
      const rows = await database.query<Row>(
        `SELECT ${columns} FROM metric_history WHERE connection = $1 AND length = $2 AND at >= $3 ORDER BY at`,
        [connection, length, from],
      );
      return rows.map(stored);
    },
    async put({ connection, length, at, revision, text }) {
      const rows = await database.query(
        revision === 0
          ? `INSERT INTO metric_history (connection, length, at, revision, text)
             VALUES ($1, $2, $3, $4::int + 1, $5) ON CONFLICT DO NOTHING RETURNING 1`
          : `UPDATE metric_history SET text = $5, revision = revision + 1
             WHERE connection = $1 AND length = $2 AND at = $3 AND revision = $4 RETURNING 1`,
        [connection, length, at, revision, text],
      );
      return rows.length === 1;
    },
    async dropBefore(length, at) {
      const sql = 'DELETE FROM metric_history WHERE length = $1 AND at < $2 RETURNING 1';
      return (await database.query(sql, [length, at])).length;
    },
  };
}
