import type { Journal } from '../../ports/index.ts';
import { NOW } from '../server/now.ts';
import type { Method } from './journal-context.ts';
import { bodyTable } from './segments.ts';
import { Tally } from './tally.ts';

/** Replaces a body by one that lacks some of its events, or deletes the batch with its last event. */
export const rewrite: Method<Journal['rewrite']> = (
  { database, shard, deliveredUsers },
  { id, of, events, removed, body, reason, days = [], users = [], outcomes },
) => {
  const isPending = of === 'pending';
  const table = isPending ? 'batch' : 'delivered';
  return database.transaction(async connection => {
    const [row] = await connection.query<Row>(
      `SELECT connection, events, segment, ${isPending ? `leased_until > ${NOW}` : 'false'} AS leased
       FROM ${table} WHERE id = $1 FOR UPDATE`,
      [id],
    );
    if (row === undefined) return 'gone';
    if (row.leased) return 'leased';
    if (row.events !== events) return 'changed';

    if (removed === events) {
      await connection.query(`DELETE FROM ${table} WHERE id = $1`, [id]);
      await connection.query(`DELETE FROM ${bodyTable(row.segment)} WHERE id = $1`, [id]);
      if (!isPending) await deliveredUsers.removeAll(connection, [id]);
    } else {
      // An owner whose lease expired has read the old body, so its outcome must not count.
      const noOwner = isPending ? ', owner = NULL' : '';
      await connection.query(`UPDATE ${table} SET events = $2, bytes = $3 ${noOwner} WHERE id = $1`, [
        ...[id, events - removed, body.byteLength],
      ]);
      const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
      await connection.query(`UPDATE ${bodyTable(row.segment)} SET body = $2 WHERE id = $1`, [id, bytes]);
      if (!isPending) {
        await connection.query('UPDATE delivered SET outcomes = $2 WHERE id = $1', [id, outcomes ?? null]);
        await deliveredUsers.remove(connection, id, users);
      }
    }
    const tally = new Tally();
    if (isPending) tally.add(row.connection, 'skipped', { [reason]: removed });
    const outcome = isPending ? { kind: 'skipped' as const, reason } : removedOutcome;
    tally.addOutcomes(
      row.connection,
      days.map(day => ({ ...day, ...outcome })),
    );
    await tally.write(connection, shard);
    return 'done';
  });
};

const removedOutcome = { kind: 'removed', reason: '' } as const;

type Row = { connection: string; events: number; segment: number; leased: boolean };
