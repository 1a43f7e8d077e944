import type { Retention, Swept } from '../../ports/index.ts';
import { dropGroups } from '../cohorts/pages.ts';
import { remove } from '../dead-letters/remove.ts';
import type { JournalContext } from '../journal/journal-context.ts';
import { endImpossibleTimes } from '../journal/queue-time.ts';
import { bringStampsBack } from './stamps-ahead.ts';

/** Maximum rows of one transaction. */
const AT_ONCE = 1_000;

/** Deletes what is older than its retention, then the segments that no row refers to. */
export async function sweep(
  context: JournalContext,
  { deliveredBefore, deadLettersBefore, auditBefore, daysBefore, cohortPagesBefore, now }: Retention,
): Promise<Swept> {
  const { database, segments } = context;
  const drop = async (table: 'delivered' | 'audit', column: string, before: number | undefined) => {
    if (before === undefined) return 0;
    return untilFewer(async () => {
      const rows = await database.query(
        `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE ${column} < $1 ORDER BY ${column} LIMIT ${AT_ONCE}
           FOR UPDATE SKIP LOCKED) RETURNING id`,
        [before],
      );
      return rows.length;
    });
  };
  const swept = {
    delivered: await drop('delivered', 'delivered_at', deliveredBefore),
    deadLetters: await expire(context, deadLettersBefore),
    audit: await drop('audit', 'at', auditBefore),
    days: await dropDays(context, daysBefore),
    cohortPages: await dropOldGroups(context, cohortPagesBefore),
    broughtBack: now === undefined ? 0 : await bringStampsBack(database, now),
  };
  await endImpossibleTimes(database);
  await segments.moveLeftovers();
  await segments.dropFinished();
  return swept;
}

async function expire(context: JournalContext, diedBefore: number | undefined): Promise<number> {
  if (diedBefore === undefined) return 0;
  return untilFewer(async () => {
    const ids = await remove(context, { diedBefore, limit: AT_ONCE, skippedAs: 'expired' });
    return ids.length;
  });
}

/** A day's counts are stored in parts, one per process; they count as one row. */
async function dropDays({ database }: JournalContext, before: string | undefined): Promise<number> {
  if (before === undefined) return 0;
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
async function dropOldGroups({ database }: JournalContext, before: number | undefined): Promise<number> {
  if (before === undefined) return 0;
  return database.transaction(async connection => {
    const groups = await connection.query<{ id: number }>(
      `SELECT id FROM cohort_group AS g
       WHERE touched_at < $1 AND total > (SELECT count(*) FROM cohort_page WHERE group_id = g.id)
       FOR UPDATE SKIP LOCKED`,
      [before],
    );
    const ids = groups.map(({ id }) => id);
    const [row] = await connection.query<{ pages: number }>(
      'SELECT count(*) AS pages FROM cohort_page WHERE group_id = ANY ($1)',
      [ids],
    );
    await dropGroups(connection, ids);
    return row?.pages ?? 0;
  });
}

async function untilFewer(drop: () => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const dropped = await drop();
    total += dropped;
    if (dropped < AT_ONCE) return total;
  }
}
