import type { BrazeUser, BrazeUsers, StoredDeleteRequest } from '../ports/index.ts';
import { brazeUsersSwept } from '../shared/bounds.ts';
import { deleteRequests, newestPlace } from '../shared/delete-requests.ts';
import { receiptsOf } from '../shared/records.ts';
import type { Database } from './server/database.ts';
import { read, stored } from './server/types-on-the-wire.ts';

const later =
  'ON CONFLICT (braze, sha256(external_id)) DO UPDATE SET seen = greatest(braze_user.seen, excluded.seen)';

const dropPairs = 'DELETE FROM braze_user WHERE sha256(external_id) = sha256($1)';

export function brazeUsers(database: Database): BrazeUsers {
  const countOf = async (sql: string, values: unknown[]) =>
    (await database.query(`${sql} RETURNING 1`, values)).length;
  return {
    async put(pairs) {
      if (pairs.length === 0) return;
      // In one order in every process, or two of them could wait for one another.
      const sorted = [...new Map(pairs.map(each => [`${each.braze} ${each.externalId}`, each])).entries()]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([, each]) => each);
      await database.query(
        `INSERT INTO braze_user (braze, external_id, seen)
         SELECT * FROM unnest($1::text[], $2::bytea[], $3::bigint[]) ${later}`,
        [
          sorted.map(({ braze }) => braze),
          sorted.map(({ externalId }) => stored(externalId)),
          sorted.map(({ seen }) => seen),
        ],
      );
    },
    async merge(from, into) {
      if (from === into) return;
      await database.transaction(async connection => {
        await connection.query(
          `INSERT INTO braze_user (braze, external_id, seen)
           SELECT $1, external_id, seen FROM braze_user WHERE braze = $2 ${later}`,
          [into, from],
        );
        await connection.query('DELETE FROM braze_user WHERE braze = $1', [from]);
      });
    },
    async related(braze) {
      const rows = await database.query<{ braze: string; external_id: Uint8Array; seen: number }>(
        `SELECT braze, external_id, seen FROM braze_user
         WHERE sha256(external_id) IN (SELECT sha256(external_id) FROM braze_user WHERE braze = $1)`,
        [braze],
      );
      return rows.map(({ external_id, ...rest }): BrazeUser => ({ ...rest, externalId: read(external_id) }));
    },
    forget: externalId => countOf(dropPairs, [stored(externalId)]),
    async sweep({ before, most }) {
      const oldest = 'DELETE FROM braze_user WHERE ctid IN (SELECT ctid FROM braze_user';
      const old = await countOf(`${oldest} WHERE seen < $1 ORDER BY seen LIMIT ${brazeUsersSwept})`, [
        before,
      ]);
      if (old > 0) return old;
      const [all] = await database.query<{ count: number }>('SELECT count(*) AS count FROM braze_user');
      const beyond = all!.count - most;
      if (beyond > 0)
        return countOf(`${oldest} ORDER BY seen LIMIT $1)`, [Math.min(beyond, brazeUsersSwept)]);
      return countOf('DELETE FROM delete_request WHERE at < $1', [before]);
    },
    async request(requests) {
      if (requests.length === 0) return;
      await database.query(
        `INSERT INTO delete_request (braze, at, state)
         SELECT braze, at, state FROM unnest($1::text[], $2::bigint[], $3::text[])
           WITH ORDINALITY AS each (braze, at, state, number)
         ORDER BY braze, number ON CONFLICT DO NOTHING`,
        [
          requests.map(({ braze }) => braze),
          requests.map(({ at }) => at),
          requests.map(({ state }) => state),
        ],
      );
    },
    async requests({ open = false, before: { at, braze } = newestPlace, limit }) {
      const rows = await database.query<Omit<StoredDeleteRequest, 'receipts'> & { receipts: string }>(
        deleteRequests(open, '$1', '$2', '$3'),
        [at, braze, limit],
      );
      return rows.map(row => ({ ...row, receipts: receiptsOf(row.receipts) }));
    },
    async setReceipts(braze, receipts) {
      await database.query('UPDATE delete_request SET receipts = $2 WHERE braze = $1', [
        ...[braze, receipts.join(' ')],
      ]);
    },
    async end(braze, state, forgotten = []) {
      await database.transaction(async connection => {
        await connection.query('UPDATE delete_request SET state = $2 WHERE braze = $1', [braze, state]);
        for (const externalId of forgotten) await connection.query(dropPairs, [stored(externalId)]);
      });
    },
  };
}
