import type { Retention, Swept } from '../../ports/index.ts';
import { dropGroups } from '../cohorts/pages.ts';
import { remove } from '../dead-letters/remove.ts';
import type { JournalContext } from '../journal/journal-context.ts';
import { endImpossibleTimes } from '../journal/queue-time.ts';
import type { Queryable } from '../server/database.ts';
import { bringStampsBack } from './stamps-ahead.ts';

/** Maximum rows of one transaction. */
const AT_ONCE = 1_000;

/** Deletes what is older than its retention, then the segments that no row refers to. */
export async function sweep(
  context: JournalContext,
  {
    deliveredBefore = 0,
    deadLettersBefore = 0,
    auditBefore = 0,
    daysBefore = '',
    cohortPagesBefore = 0,
    now,
  }: Retention,
): Promise<Swept> {
  const { database, segments, deliveredUsers } = context;
  const drop = (
    table: 'delivered' | 'audit',
    column: string,
    before: number,
    connection: Queryable = database,
  ) =>
    connection.query<{ id: number }>(
      `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE ${column} < $1 ORDER BY ${column} LIMIT ${AT_ONCE}
           FOR UPDATE SKIP LOCKED) RETURNING id`,
      [before],
    );
  const dropDelivered = () =>
    database.transaction(async connection => {
      const rows = await drop('delivered', 'delivered_at', deliveredBefore, connection);
      await deliveredUsers.removeAll(
        connection,
        rows.map(({ id }) => id),
      );
      return rows;
    });
  const expired = { diedBefore: deadLettersBefore, limit: AT_ONCE, skippedAs: 'expired' };
  const swept = {
    delivered: await untilFewer(dropDelivered),
    deadLetters: await untilFewer(() => remove(context, expired)),
    audit: await untilFewer(() => drop('audit', 'at', auditBefore)),
    days: await dropDays(context, daysBefore),
    cohortPages: await dropOldGroups(context, cohortPagesBefore),
    broughtBack: now === undefined ? 0 : await bringStampsBack(database, now),
  };
  await endImpossibleTimes(database);
  await segments.moveLeftovers();
  await segments.dropFinished();
  return swept;
}

/** A day's counts are stored in parts, one per process; they count as one row. */
async function dropDays({ database }: JournalContext, before: string): Promise<number> {
  await database.query('DELETE FROM day_outcome WHERE day < $1', [before]);
  const rows = await database.query<{ days: number }>(
    `WITH dropped AS (DELETE FROM day_count WHERE day < $1 RETURNING connection, day, event)
     SELECT count(*) AS days FROM (SELECT DISTINCT connection, day, event FROM dropped) AS day`,
    [before],
  );
  return rows[0]?.days ?? 0;
}

/**
 * Deletes incomplete groups with their pages. A group whose next page is being stored is locked, and no
 * longer old at the next sweep.
 */
function dropOldGroups({ database }: JournalContext, before: number): Promise<number> {
  return database.transaction(async connection => {
    const groups = await connection.query<{ id: number }>(
      `SELECT id FROM cohort_group AS g
       WHERE touched_at < $1 AND total > (SELECT count(*) FROM cohort_page WHERE group_id = g.id)
       FOR UPDATE SKIP LOCKED`,
      [before],
    );
    return dropGroups(
      connection,
      groups.map(({ id }) => id),
    );
  });
}

/** Repeats a deletion of at most `AT_ONCE` rows until there are fewer; resolves to their number. */
async function untilFewer(drop: () => Promise<unknown[]>): Promise<number> {
  for (let total = 0; ; ) {
    const { length } = await drop();
    total += length;
    if (length < AT_ONCE) return total;
  }
}
