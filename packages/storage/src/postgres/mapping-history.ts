import type { MappingHistory } from '../ports/index.ts';
import type { Database } from './server/database.ts';
import { read, stored } from './server/types-on-the-wire.ts';

export function mappingHistory(database: Database): MappingHistory {
  return {
    async list(connection) {
      const rows = await database.query<{ since: number; options: Uint8Array }>(
        'SELECT since, options FROM mapping_history WHERE connection = $1 ORDER BY since',
        [connection],
      );
      return rows.map(({ since, options }) => ({ since: Number(since), options: read(options) }));
    },
    async add(connection, { since, options }) {
      await database.query(
        `INSERT INTO mapping_history (connection, since, options)
         SELECT $1::text, $2::bigint, $3::bytea
         WHERE $3::bytea IS DISTINCT FROM (
           SELECT options FROM mapping_history WHERE connection = $1 AND since <= $2 ORDER BY since DESC LIMIT 1
         )
         ON CONFLICT (connection, since) DO UPDATE SET options = excluded.options`,
        [connection, since, stored(options)],
      );
    },
  };
}
