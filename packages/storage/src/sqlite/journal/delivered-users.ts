import type { DatabaseSync } from 'node:sqlite';
import { partOf, userDigest } from '../../shared/user-digest.ts';

/** The index of kept bodies by user. */
export interface DeliveredUsers {
  /** Adds the users of a batch; returns their number. */
  add(batch: number, users: readonly string[]): number;
  /** Removes these users of a batch. */
  remove(batch: number, users: readonly string[]): void;
  /** Removes all users of these batches. */
  removeAll(batches: readonly number[]): void;
  digestsOf(users: readonly string[]): bigint[];
}

/** One statement for several rows costs less than half of one for each. */
const rowsAtOnce = 10;

export function prepareDeliveredUsers(db: DatabaseSync): DeliveredUsers {
  const { salt } = db.prepare('SELECT salt FROM delivered_salt').get() as { salt: string };
  const insertOf = (rows: number) =>
    db.prepare(
      `INSERT INTO delivered_user (part, digest, batch) VALUES ${Array(rows).fill('(?, ?, ?)').join(', ')}`,
    );
  const insertSome = insertOf(rowsAtOnce);
  const insert = insertOf(1);
  const drop = db.prepare('DELETE FROM delivered_user WHERE part = ? AND digest = ? AND batch = ?');
  const dropAll = db.prepare(
    'DELETE FROM delivered_user WHERE part = ? AND batch IN (SELECT value FROM json_each(?))',
  );
  const digestsOf = (users: readonly string[]) => [...new Set(users.map(user => userDigest(salt, user)))];
  return {
    digestsOf,
    add(batch, users) {
      const digests = digestsOf(users);
      const part = partOf(batch);
      const single = digests.length % rowsAtOnce;
      for (const digest of digests.slice(0, single)) insert.run(part, digest, batch);
      for (let from = single; from < digests.length; from += rowsAtOnce)
        insertSome.run(...digests.slice(from, from + rowsAtOnce).flatMap(digest => [part, digest, batch]));
      return digests.length;
    },
    remove(batch, users) {
      for (const digest of digestsOf(users)) drop.run(partOf(batch), digest, batch);
    },
    removeAll(batches) {
      // Each part is read once, whatever the number of its batches.
      for (const [part, ids] of Map.groupBy(batches, partOf)) dropAll.run(part, JSON.stringify(ids));
    },
  };
}
