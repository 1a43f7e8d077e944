import type { Reconciliation, Reconciliations } from '../ports/index.ts';
import { reconciliationsKept } from '../shared/bounds.ts';
import type { Database } from './server/database.ts';
import { NOW } from './server/now.ts';

const columns = `id, connection, from_day AS "from", to_day AS "to", started_at AS "startedAt", ended_at AS "endedAt", state,
  is_daily AS "isDaily"`;
type Row = Reconciliation & Record<string, unknown>;

export function reconciliations(database: Database): Reconciliations {
  return {
    async create({ connection, from, to, isDaily, startedAt }) {
      const [row] = await database.query<{ id: number }>(
        `INSERT INTO reconciliation (connection, from_day, to_day, is_daily, started_at, renewed_at)
         VALUES ($1, $2, $3, $4, $5, ${NOW}) RETURNING id`,
        [connection, from, to, isDaily, startedAt],
      );
      await database.query(
        `DELETE FROM reconciliation WHERE id IN (
           SELECT id FROM reconciliation WHERE connection = $1 AND is_daily = $2
           ORDER BY id DESC OFFSET ${reconciliationsKept})`,
        [connection, isDaily],
      );
      return row!.id;
    },
    async renew(id, text) {
      await database.query(
        `UPDATE reconciliation SET text = $1, renewed_at = ${NOW} WHERE id = $2 AND state = 'running'`,
        [text, id],
      );
    },
    async interrupt({ silentMs, at, text }) {
      const ended = await database.query(
        `UPDATE reconciliation SET state = 'interrupted', ended_at = $1, text = $2
         WHERE state = 'running' AND renewed_at <= ${NOW} - $3 RETURNING id`,
        [at, text, silentMs],
      );
      return ended.length;
    },
    async end({ id, at, state, text }) {
      await database.query(
        `UPDATE reconciliation SET state = $1, ended_at = $2, text = $3
         WHERE id = $4 AND state IN ('running', 'interrupted')`,
        [state, at, text, id],
      );
    },
    async get(id) {
      const [row] = await database.query<Row>(`SELECT ${columns}, text FROM reconciliation WHERE id = $1`, [
        id,
      ]);
      return row;
    },
    list: ({ connection, isDaily, limit }) =>
      database.query<Row>(
        `SELECT ${columns} FROM reconciliation WHERE ($1::text IS NULL OR connection = $1) AND ($2::boolean IS NULL OR is_daily = $2)
         ORDER BY id DESC LIMIT $3`,
        [connection ?? null, isDaily ?? null, limit],
      ),
    async countedSince(connection) {
      const [row] = await database.query<{ day: string }>(
        'SELECT day FROM counted_since WHERE connection = $1',
        [connection],
      );
      return row?.day;
    },
    async countFrom(connection, day) {
      await database.query(
        'INSERT INTO counted_since (connection, day) VALUES ($1, $2) ON CONFLICT DO NOTHING',
        [connection, day],
      );
    },
  };
}
