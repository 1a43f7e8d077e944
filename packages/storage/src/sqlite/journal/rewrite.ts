import type { StatementSync } from 'node:sqlite';
import type { Journal } from '../../ports/index.ts';
import type { Command } from '../thread/command.ts';
import { prepareDayOutcomes } from '../upkeep/day-counts.ts';
import { erasing } from '../upkeep/erase.ts';
import { prepareDeliveredUsers } from './delivered-users.ts';
import { queueNow } from './queue-time.ts';
import { prepareTally } from './tally.ts';

/**
 * Replaces a body by one that lacks some of its events. An expired lease is deleted: its owner may have
 * mapped the removed events, and must not complete the row with an outcome that counts them.
 */
export const rewrite: Command<Journal['rewrite']> = db => {
  const findPending = db.prepare(
    `SELECT connection, events, coalesce(expires_at, 0) AS leasedUntil
     FROM batch LEFT JOIN leases.lease ON batch_id = batch.id WHERE batch.id = ?`,
  );
  const findDelivered = db.prepare('SELECT connection, events, 0 AS leasedUntil FROM delivered WHERE id = ?');
  const putOutcomes = db.prepare('UPDATE delivered SET outcomes = ? WHERE id = ?');
  const dropLease = db.prepare('DELETE FROM leases.lease WHERE batch_id = ?');
  const dropBody = db.prepare('DELETE FROM batch_body WHERE id = ?');
  const putBody = db.prepare('UPDATE batch_body SET body = ? WHERE id = ?');
  const deliveredUsers = prepareDeliveredUsers(db);
  const tally = prepareTally(db);
  const countOutcomes = prepareDayOutcomes(db);
  const of = (table: 'batch' | 'delivered', find: StatementSync) => ({
    find,
    drop: db.prepare(`DELETE FROM ${table} WHERE id = ?`),
    put: db.prepare(`UPDATE ${table} SET events = ?, bytes = ? WHERE id = ?`),
  });
  const tables = { pending: of('batch', findPending), delivered: of('delivered', findDelivered) };

  return ({ id, of: kind, events, removed, body, reason, days = [], users = [], outcomes = null }) => {
    const { find, drop, put } = tables[kind];
    const row = find.get(id) as Row | undefined;
    if (row === undefined) return 'gone';
    if (row.leasedUntil > queueNow()) return 'leased';
    if (row.events !== events) return 'changed';
    const left = events - removed;
    erasing(db, () => {
      if (left === 0) {
        dropBody.run(id);
        drop.run(id);
        if (kind === 'delivered') deliveredUsers.removeAll([id]);
      } else {
        putBody.run(body, id);
        put.run(left, body.byteLength, id);
        if (kind === 'delivered') {
          putOutcomes.run(outcomes, id);
          deliveredUsers.remove(id, users);
        }
      }
    });
    if (kind === 'pending') {
      dropLease.run(id);
      tally(row.connection, 'skipped', { [reason]: removed });
    }
    const outcome = kind === 'pending' ? { kind: 'skipped' as const, reason } : removedOutcome;
    countOutcomes(
      row.connection,
      days.map(day => ({ ...day, ...outcome })),
    );
    return 'done';
  };
};

const removedOutcome = { kind: 'removed', reason: '' } as const;

type Row = { connection: string; events: number; leasedUntil: number };
