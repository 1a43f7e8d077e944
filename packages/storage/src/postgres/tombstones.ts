import type { Tombstones } from '../ports/index.ts';
import type { Database } from './server/database.ts';

const changed = 'UPDATE tombstone_state SET revision = revision + 1';

export function tombstones(database: Database): Tombstones {
  const find = async () =>
    (
      await database.query<{ salt: string; revision: string }>('SELECT salt, revision FROM tombstone_state')
    )[0];
  return {
    async state(offeredSalt) {
      let stored = await find();
      if (stored === undefined) {
        await database.query(
          'INSERT INTO tombstone_state (id, salt, revision) VALUES (1, $1, 0) ON CONFLICT DO NOTHING',
          [offeredSalt],
        );
        stored = (await find())!;
      }
      return { salt: stored.salt, revision: Number(stored.revision) };
    },
    async list() {
      const rows = await database.query<{ digest: string }>('SELECT digest FROM tombstone');
      return rows.map(({ digest }) => digest);
    },
    put: (digest, at) =>
      database.transaction(async connection => {
        await connection.query('INSERT INTO tombstone (digest, at) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
          digest,
          at,
        ]);
        await connection.query(changed);
      }),
    remove: digest =>
      database.transaction(async connection => {
        const dropped = await connection.query('DELETE FROM tombstone WHERE digest = $1 RETURNING 1', [
          digest,
        ]);
        await connection.query(changed);
        return dropped.length > 0;
      }),
  };
}
