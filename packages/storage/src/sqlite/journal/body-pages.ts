import type { DatabaseSync } from 'node:sqlite';
import type { DeliveredBatch, Journal, StoredBatch } from '../../ports/index.ts';
import { onePage } from '../../shared/bounds.ts';
import { waitOf } from '../../shared/due-time.ts';
import { firstOf, partOf, partSpans } from '../../shared/user-digest.ts';
import type { Command } from '../thread/command.ts';
import { prepareDeliveredUsers } from './delivered-users.ts';
import { queueNow } from './queue-time.ts';

/** Bodies that wait for delivery, in order of arrival. Expired leases do not count. */
export const pending: Command<Journal['pending']> = db => {
  const list = db.prepare('SELECT id, bytes FROM batch WHERE connection = ? AND id > ? ORDER BY id LIMIT ?');
  const read = db.prepare(
    `SELECT batch.id, connection, attempts, events, received_at AS receivedAt, profile.text AS profile, body,
            due_at AS dueAt, coalesce(expires_at, 0) AS leasedUntil
     FROM batch JOIN profile ON profile.id = profile_id JOIN batch_body ON batch_body.id = batch.id
       LEFT JOIN leases.lease ON batch_id = batch.id
     WHERE batch.id = ?`,
  );

  return ({ connection, after, limit }) => {
    const at = queueNow();
    return onePage(list.all(connection, after, limit) as Sized[]).map(({ id }) => {
      const { dueAt, leasedUntil, ...row } = read.get(id) as unknown as PendingRow;
      return { ...row, leased: leasedUntil > at, ...waitOf(dueAt, at) };
    });
  };
};

/** Bodies that were kept after their delivery; those of some users by the index, and those without one. */
export const delivered: Command<Journal['delivered']> = db => {
  const [oldestFirst, newestFirst] = [prepareKept(db, false), prepareKept(db, true)];
  const read = db.prepare(
    `SELECT delivered.id, connection, events, received_at AS receivedAt, delivered_at AS deliveredAt,
            profile.text AS profile, body, users IS NOT NULL AS isIndexed, outcomes
     FROM delivered JOIN profile ON profile.id = profile_id JOIN batch_body ON batch_body.id = delivered.id
     WHERE delivered.id = ?`,
  );

  return page => {
    const { list, ofUsers } = 'before' in page ? newestFirst : oldestFirst;
    const from = 'before' in page ? page.before : page.after;
    const { connection, limit, users } = page;
    const rows = users ? ofUsers(users, connection, from, limit) : list(connection, from, limit);
    return onePage(rows).map(({ id }) => {
      const { isIndexed, outcomes, ...row } = read.get(id) as unknown as DeliveredRow;
      return { ...row, indexed: isIndexed === 1, outcomes: outcomes ?? undefined };
    });
  };
};

/** Lists of kept batches in one order of their ids. */
function prepareKept(db: DatabaseSync, isNewestFirst: boolean) {
  const [beyond, order, back] = isNewestFirst ? ['<', 'DESC', 'ASC'] : ['>', 'ASC', 'DESC'];
  const where = `connection = ? AND id ${beyond} ?`;
  const all = db.prepare(`SELECT id, bytes FROM delivered WHERE ${where} ORDER BY id ${order} LIMIT ?`);
  const unnamed = db.prepare(
    `SELECT id, bytes FROM delivered WHERE ${where} AND users IS NULL ORDER BY id ${order} LIMIT ?`,
  );
  const ends = [order, back].map(each =>
    db.prepare(`SELECT id FROM delivered WHERE ${where} ORDER BY id ${each} LIMIT 1`),
  );
  // CROSS JOIN keeps this order: otherwise SQLite reads every kept batch and asks the index for each.
  const named = db.prepare(
    `WITH RECURSIVE part (number) AS (
       SELECT CAST(? AS INTEGER) UNION ALL SELECT number + 1 FROM part WHERE number < ?)
     SELECT DISTINCT delivered.id, bytes
     FROM part CROSS JOIN delivered_user AS named ON named.part = number AND digest IN (SELECT CAST(value AS INTEGER) FROM json_each(?))
       CROSS JOIN delivered ON delivered.id = named.batch
     WHERE connection = ? AND delivered.id ${beyond} ? ORDER BY delivered.id ${order} LIMIT ?`,
  );
  const deliveredUsers = prepareDeliveredUsers(db);
  return {
    list: (connection: string, from: number, limit: number) => all.all(connection, from, limit) as Sized[],
    ofUsers(users: readonly string[], connection: string, from: number, limit: number): Sized[] {
      const [first, last] = ends.map(end => end.get(connection, from) as { id: number } | undefined);
      if (first === undefined || last === undefined) return [];
      const digests = JSON.stringify(deliveredUsers.digestsOf(users).map(String));
      let rows: Sized[] = [];
      for (const { lowest, highest } of partSpans(partOf(first.id), partOf(last.id))) {
        const left = limit - rows.length;
        if (left <= 0) break;
        rows = rows.concat(named.all(lowest, highest, digests, connection, from, left) as Sized[]);
      }
      return firstOf(rows, unnamed.all(connection, from, limit) as Sized[], { limit, isNewestFirst });
    },
  };
}

type Sized = { id: number; bytes: number };
type DeliveredRow = Omit<DeliveredBatch, 'indexed' | 'outcomes'> & {
  isIndexed: number;
  outcomes: string | null;
};
type PendingRow = Omit<StoredBatch, 'leased' | 'retryInMs' | 'heldUntil'> & {
  dueAt: number;
  leasedUntil: number;
};
