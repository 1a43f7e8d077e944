import type { DeliveredBatch, Journal, StoredBatch } from '../../ports/index.ts';
import { onePage } from '../../shared/bounds.ts';
import { partOf } from '../../shared/user-digest.ts';
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
      return { ...row, leased: leasedUntil > at, notBefore: dueAt === 0 ? undefined : Math.abs(dueAt) };
    });
  };
};

/** Bodies that were kept after their delivery; those of some users by the index, and those without one. */
export const delivered: Command<Journal['delivered']> = db => {
  const list = db.prepare(
    'SELECT id, bytes FROM delivered WHERE connection = ? AND id > ? ORDER BY id LIMIT ?',
  );
  const newest = db.prepare('SELECT max(id) AS id FROM delivered WHERE connection = ?');
  const oldest = db.prepare('SELECT min(id) AS id FROM delivered WHERE connection = ? AND id > ?');
  // CROSS JOIN keeps this order: otherwise SQLite reads every kept batch and asks the index for each.
  const listUsers = db.prepare(
    `WITH RECURSIVE part (number) AS (
       SELECT CAST(? AS INTEGER) UNION ALL SELECT number + 1 FROM part WHERE number < ?)
     SELECT id, bytes FROM (
       SELECT delivered.id, bytes
       FROM part CROSS JOIN delivered_user AS named ON named.part = number AND digest IN (SELECT CAST(value AS INTEGER) FROM json_each(?))
         CROSS JOIN delivered ON delivered.id = named.batch
       WHERE connection = ? AND delivered.id > ?
       UNION
       SELECT id, bytes FROM (
         SELECT id, bytes FROM delivered WHERE connection = ? AND id > ? AND users IS NULL ORDER BY id LIMIT ?))
     ORDER BY id LIMIT ?`,
  );
  const deliveredUsers = prepareDeliveredUsers(db);
  const read = db.prepare(
    `SELECT delivered.id, connection, events, received_at AS receivedAt, delivered_at AS deliveredAt,
            profile.text AS profile, body, users IS NOT NULL AS isIndexed
     FROM delivered JOIN profile ON profile.id = profile_id JOIN batch_body ON batch_body.id = delivered.id
     WHERE delivered.id = ?`,
  );

  const ofUsers = (users: readonly string[], connection: string, after: number, limit: number) => {
    const first = oldest.get(connection, after) as { id: number | null };
    const last = newest.get(connection) as { id: number | null };
    if (first.id === null || last.id === null) return [];
    const digests = JSON.stringify(deliveredUsers.digestsOf(users).map(String));
    const page = [connection, after] as const;
    return listUsers.all(partOf(first.id), partOf(last.id), digests, ...page, ...page, limit, limit);
  };

  return ({ connection, after, limit, users }) => {
    const rows = users ? ofUsers(users, connection, after, limit) : list.all(connection, after, limit);
    return onePage(rows as Sized[]).map(({ id }) => {
      const { isIndexed, ...row } = read.get(id) as unknown as DeliveredRow;
      return { ...row, indexed: isIndexed === 1 };
    });
  };
};

type Sized = { id: number; bytes: number };
type DeliveredRow = Omit<DeliveredBatch, 'indexed'> & { isIndexed: number };
type PendingRow = Omit<StoredBatch, 'leased' | 'notBefore'> & { dueAt: number; leasedUntil: number };
