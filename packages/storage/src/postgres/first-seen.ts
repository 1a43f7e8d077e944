import type { FirstSeen, StoredName } from '../ports/index.ts';
import type { Database } from './server/database.ts';

export function firstSeen(database: Database): FirstSeen {
  return {
    async list(connection) {
      const rows = await database.query<StoredName & Record<string, unknown>>(
        'SELECT kind, name, at, day FROM first_seen WHERE connection = $1 ORDER BY at DESC, kind, name',
        [connection],
      );
      return rows.map(row => ({ ...row, at: Number(row.at) }));
    },
    async put(connection, { kind, name, at, day }, mostNames) {
      await database.query(
        `INSERT INTO first_seen (connection, kind, name, at, day)
         SELECT $1::text, $2::text, $3::text, $4::bigint, $5::text
         WHERE (SELECT count(*) FROM first_seen WHERE connection = $1 AND NOT (kind = $2 AND name = $3)) < $6::int
         ON CONFLICT (connection, kind, name) DO UPDATE SET day = greatest(first_seen.day, excluded.day)`,
        [connection, kind, name, at, day, mostNames],
      );
    },
    async dropBefore(day) {
      return (await database.query('DELETE FROM first_seen WHERE day < $1 RETURNING 1', [day])).length;
    },
  };
}
