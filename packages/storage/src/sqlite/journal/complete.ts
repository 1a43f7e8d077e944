import type { BatchOutcome, Journal } from '../../ports/index.ts';
import { assertAccountsForAll } from '../../shared/accounting.ts';
import { type Command, prepareNow } from '../thread/command.ts';
import { prepareDayOutcomes, prepareDays } from '../upkeep/day-counts.ts';
import { prepareBatch } from './append.ts';
import { prepareDeliveredUsers } from './delivered-users.ts';
import { prepareTally } from './tally.ts';

/**
 * Completes rows in one transaction: deletes them with their bodies (unless these are kept), stores dead
 * letters, puts held events back into the queue and adds to the counters. The delete comes first, so that on
 * a full disk its pages are free for the dead letters.
 */
export const complete: Command<Journal['complete']> = db => {
  const now = prepareNow(db);
  const find = db.prepare(
    `SELECT connection, events, received_at AS receivedAt, profile_id AS profileId, profile.text AS profile
     FROM batch JOIN leases.lease ON batch_id = batch.id JOIN profile ON profile.id = profile_id
     WHERE batch.id = ? AND owner = ?`,
  );
  const keepBody = db.prepare(
    `INSERT INTO delivered (id, connection, events, bytes, received_at, delivered_at, profile_id, users, outcomes)
     SELECT id, connection, events, bytes, received_at, ?, profile_id, ?, ? FROM batch WHERE id = ?`,
  );
  const dropBody = db.prepare('DELETE FROM batch_body WHERE id = ?');
  const removals = [
    db.prepare('DELETE FROM batch WHERE id = ?'),
    db.prepare('DELETE FROM leases.lease WHERE batch_id = ?'),
  ];
  const insertDeadLetters = db.prepare(
    `INSERT INTO dead_letter
       (connection, reason, event_type, insert_id, received_at, died_at, profile_id, detail, original, mapped, batch, day, event)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const addBatch = prepareBatch(db);
  const deliveredUsers = prepareDeliveredUsers(db);
  const tally = prepareTally(db);
  const countDays = prepareDays(db);
  const countOutcomes = prepareDayOutcomes(db);

  return (owner, outcomes, { keep } = { keep: false }) => {
    const databaseNow = now();
    const ended = [];
    for (const outcome of outcomes) {
      const row = find.get(outcome.id, owner) as Row | undefined;
      if (row === undefined) continue;
      assertAccountsForAll(outcome, row.events);
      const { at = databaseNow } = outcome;
      if (keep) {
        const { id, users, outcomes = null } = outcome;
        keepBody.run(at, users === undefined ? null : deliveredUsers.add(id, users), outcomes, id);
      } else dropBody.run(outcome.id);
      for (const removal of removals) removal.run(outcome.id);

      const { connection, receivedAt, profileId, profile } = row;
      for (const dead of outcome.deadLetters) {
        const type = dead.eventType ?? null;
        const insertId = dead.insertId ?? null;
        const { reason, detail, original, mapped = null, batch = null, counted } = dead;
        const texts = [detail, original, mapped, batch, counted?.day ?? null, counted?.event ?? null];
        insertDeadLetters.run(connection, reason, type, insertId, receivedAt, at, profileId, ...texts);
      }
      for (const { until, ...batch } of outcome.held ?? [])
        addBatch({ ...batch, connection, receivedAt, profile }, until);
      tally(connection, 'imported', { '': outcome.imported });
      tally(connection, 'skipped', outcome.skipped);
      tally(connection, 'dead', countReasons(outcome));
      tally(connection, 'note', outcome.notes);
      countDays(connection, outcome.days);
      countOutcomes(connection, outcome.dayOutcomes ?? []);
      ended.push(outcome.id);
    }
    return ended;
  };
};

type Row = { connection: string; events: number; receivedAt: number; profileId: number; profile: string };

function countReasons({ deadLetters }: BatchOutcome): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { reason } of deadLetters) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return Object.fromEntries(counts);
}
