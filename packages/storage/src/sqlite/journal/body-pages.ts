import type { DeliveredBatch, Journal, StoredBatch } from '../../ports/index.ts';
import { onePage } from '../../shared/bounds.ts';
import type { Command } from '../thread/command.ts';
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

/** Bodies that were kept after their delivery. */
export const delivered: Command<Journal['delivered']> = db => {
  const list = db.prepare(
    'SELECT id, bytes FROM delivered WHERE connection = ? AND id > ? ORDER BY id LIMIT ?',
  );
  const read = db.prepare(
    `SELECT delivered.id, connection, events, received_at AS receivedAt, delivered_at AS deliveredAt,
            profile.text AS profile, body
     FROM delivered JOIN profile ON profile.id = profile_id JOIN batch_body ON batch_body.id = delivered.id
     WHERE delivered.id = ?`,
  );

  return ({ connection, after, limit }) =>
    onePage(list.all(connection, after, limit) as Sized[]).map(
      ({ id }) => read.get(id) as unknown as DeliveredBatch,
    );
};

type Sized = { id: number; bytes: number };
type PendingRow = Omit<StoredBatch, 'leased' | 'notBefore'> & { dueAt: number; leasedUntil: number };
