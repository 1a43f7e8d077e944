import type { StandingFailure, StandingFailures } from '../ports/index.ts';
import type { Database } from './server/database.ts';

export function standingFailures(database: Database): StandingFailures {
  return {
    async list(connection) {
      const rows = await database.query<StandingFailure & Record<string, unknown>>(
        'SELECT kind, since, last, code FROM standing_failure WHERE connection = $1 ORDER BY kind',
        [connection],
      );
      return rows.map(row => ({ ...row, since: Number(row.since), last: Number(row.last) }));
    },
    async put(connection, { kind, since, last, code }) {
      await database.query(
        `INSERT INTO standing_failure AS known (connection, kind, since, last, code) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (connection, kind) DO UPDATE
         SET since = least(known.since, excluded.since), last = greatest(known.last, excluded.last),
           code = CASE WHEN excluded.last >= known.last THEN excluded.code ELSE known.code END`,
        [connection, kind, since, last, code],
      );
    },
    async end(connection, kind) {
      await database.query('DELETE FROM standing_failure WHERE connection = $1 AND kind = $2', [
        connection,
        kind,
      ]);
    },
  };
}
