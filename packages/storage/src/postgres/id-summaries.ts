import type { IdSummaries, StoredIdSummary } from '../ports/index.ts';
import type { Database } from './server/database.ts';

export function idSummaries(database: Database): IdSummaries {
  return {
    list: connection =>
      database.query<StoredIdSummary & Record<string, unknown>>(
        'SELECT connection, day, revision, text FROM id_summary WHERE connection = $1 ORDER BY day',
        [connection],
      ),
    async put({ connection, day, revision, text }) {
      const rows = await database.query(
        revision === 0
          ? 'INSERT INTO id_summary (connection, day, revision, text) VALUES ($1, $2, $3::int + 1, $4) ON CONFLICT DO NOTHING RETURNING 1'
          : 'UPDATE id_summary SET text = $4, revision = revision + 1 WHERE connection = $1 AND day = $2 AND revision = $3 RETURNING 1',
        [connection, day, revision, text],
      );
      return rows.length === 1;
    },
    async dropBefore(day) {
      return (await database.query('DELETE FROM id_summary WHERE day < $1 RETURNING 1', [day])).length;
    },
  };
}
