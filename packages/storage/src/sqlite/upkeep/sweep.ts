import { prepareDropGroup } from '../cohorts/drop.ts';
import { prepareSkipDeadLetter } from '../dead-letters/take-dead-letter.ts';
import { prepareDeliveredUsers } from '../journal/delivered-users.ts';
import type { Command } from '../thread/command.ts';
import type { Upkeep } from '../thread/thread-ports.ts';
import { prepareStampsAhead } from './stamps-ahead.ts';

/** Maximum rows of each kind in one transaction, so that appends never wait long. */
const MAX_ROWS = 200;

/** Deletes a part of what is older than its retention. Nothing deleted means that nothing is left. */
export const sweep: Command<Upkeep['sweep']> = db => {
  const oldBatches = db.prepare('SELECT id FROM delivered WHERE delivered_at < ? LIMIT ?');
  const oldLetters = db.prepare('SELECT id FROM dead_letter WHERE died_at < ? LIMIT ?');
  const dropBatch = db.prepare('DELETE FROM delivered WHERE id = ?');
  const dropBody = db.prepare('DELETE FROM batch_body WHERE id = ?');
  const deliveredUsers = prepareDeliveredUsers(db);
  const dropAudit = db.prepare(
    'DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < ? ORDER BY at LIMIT ?)',
  );
  const dropDays = db.prepare('DELETE FROM day_count WHERE day < ?');
  const dropOutcomes = db.prepare('DELETE FROM day_outcome WHERE day < ?');
  const oldGroups = db.prepare(
    `SELECT id FROM cohort_group AS g WHERE touched_at < ? AND total > (SELECT count(*) FROM cohort_page WHERE group_id = g.id) LIMIT ?`,
  );
  const dropGroup = prepareDropGroup(db);
  const skipDeadLetter = prepareSkipDeadLetter(db);
  const stampsAhead = prepareStampsAhead(db);

  return ({
    deliveredBefore = 0,
    deadLettersBefore = 0,
    auditBefore = 0,
    daysBefore = '',
    cohortPagesBefore = 0,
    now,
  }) => {
    const batches = oldBatches.all(deliveredBefore, MAX_ROWS) as { id: number }[];
    for (const { id } of batches) for (const drop of [dropBody, dropBatch]) drop.run(id);
    deliveredUsers.removeAll(batches.map(({ id }) => id));
    const letters = oldLetters.all(deadLettersBefore, MAX_ROWS) as { id: number }[];
    for (const { id } of letters) skipDeadLetter(id, 'expired');
    const groups = oldGroups.all(cohortPagesBefore, MAX_ROWS) as { id: number }[];
    dropOutcomes.run(daysBefore);
    return {
      delivered: batches.length,
      deadLetters: letters.length,
      audit: Number(dropAudit.run(auditBefore, MAX_ROWS).changes),
      days: Number(dropDays.run(daysBefore).changes),
      cohortPages: groups.reduce((pages, { id }) => pages + dropGroup(id), 0),
      broughtBack: now === undefined ? 0 : stampsAhead(now),
    };
  };
};
