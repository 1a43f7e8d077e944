import type { NewPage, StoredGroup, StoredPage } from '../../ports/index.ts';
import { groupDigest } from '../../shared/group-digest.ts';
import { recordOf } from '../../shared/records.ts';
import type { Queryable } from '../server/database.ts';
import { read, stored } from '../server/types-on-the-wire.ts';
import type { Cohorts } from './cohort-method.ts';

export const putPage: Cohorts<'putPage'> = async (
  connection,
  { sync, session, action, page, total, digest, members, withoutId, body, at, mostGroups },
) => {
  const key = [sync, stored(session), action];
  // The row is locked, so that the pages of a group that come at once are put one after the other.
  const [known] = await connection.query<{ id: number; total: number }>(
    'SELECT id, total FROM cohort_group WHERE sync = $1 AND sha256(session) = sha256($2) AND action = $3 FOR UPDATE',
    key,
  );
  if (known === undefined && (await isOneTooMany(connection, sync, mostGroups))) return undefined;
  if (known !== undefined && known.total !== total) await dropGroups(connection, [known.id]);
  const [{ id: group }] = (
    known?.total === total
      ? [known]
      : await connection.query<{ id: number }>(
          `INSERT INTO cohort_group (sync, session, action, total) VALUES ($1, $2, $3, $4)
           ON CONFLICT (sync, sha256(session), action) DO UPDATE SET total = excluded.total RETURNING id`,
          [...key, total],
        )
  ) as [{ id: number }];
  if (at !== undefined)
    await connection.query('UPDATE cohort_group SET touched_at = $1 WHERE id = $2', [at, group]);
  await connection.query(
    `INSERT INTO cohort_page (group_id, page, digest, members, without_id, body) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (group_id, page) DO UPDATE
       SET digest = excluded.digest, members = excluded.members, without_id = excluded.without_id, body = excluded.body`,
    [group, page, digest, members ?? null, withoutId, Buffer.from(body)],
  );
  const [row] = await connection.query<{ seen: number }>(
    'SELECT count(*) AS seen FROM cohort_page WHERE group_id = $1',
    [group],
  );
  return { group, seen: row!.seen, total };
};

async function isOneTooMany(
  connection: Queryable,
  sync: string,
  most: NewPage['mostGroups'],
): Promise<boolean> {
  if (most === undefined) return false;
  const [open] = await connection.query<{ ofAll: number; ofSync: number }>(
    'SELECT count(*) AS "ofAll", count(*) FILTER (WHERE sync = $1) AS "ofSync" FROM cohort_group',
    [sync],
  );
  return open!.ofSync >= most.ofSync || open!.ofAll >= most.ofAll;
}

/**
 * Locks a group before its pages, as `putPage` does: in the other order the two would wait for each other.
 */
export async function dropGroups(connection: Queryable, groups: readonly number[]): Promise<number> {
  await connection.query('SELECT id FROM cohort_group WHERE id = ANY ($1) ORDER BY id FOR UPDATE', [groups]);
  const [row] = await connection.query<{ pages: number }>(
    `WITH dropped AS (DELETE FROM cohort_page WHERE group_id = ANY ($1) RETURNING 1)
     SELECT count(*) AS pages FROM dropped`,
    [groups],
  );
  await connection.query('DELETE FROM cohort_group WHERE id = ANY ($1)', [groups]);
  return row?.pages ?? 0;
}

export const groups: Cohorts<'groups'> = async (connection, sync) => {
  const rows = await connection.query<{ session: Uint8Array }>(
    `SELECT g.id, g.session, g.action, g.total, count(p.page) AS seen, coalesce(sum(p.without_id), 0) AS "withoutId",
            CASE WHEN count(p.members) = count(p.page) THEN coalesce(sum(p.members), 0) END AS members,
            (SELECT digest FROM cohort_ended AS ended WHERE ended.sync = g.sync AND ended.action = g.action
               AND sha256(ended.session) = sha256(g.session)) AS "endedDigest"
     FROM cohort_group AS g LEFT JOIN cohort_page AS p ON p.group_id = g.id
     WHERE g.sync = $1 GROUP BY g.id ORDER BY g.id`,
    [sync],
  );
  const found: StoredGroup[] = [];
  for (const { session, ...row } of rows) {
    const group = recordOf<Omit<StoredGroup, 'session' | 'digest'>>(row);
    const digest = group.seen === group.total ? await digestOf(connection, group.id) : '';
    found.push({ ...group, session: read(session), digest });
  }
  return found;
};

const digestOf = async (connection: Queryable, group: number): Promise<string> =>
  groupDigest(
    await connection.query<{ digest: string }>(
      'SELECT digest FROM cohort_page WHERE group_id = $1 ORDER BY page',
      [group],
    ),
  );

export const readPages: Cohorts<'readPages'> = async (connection, { group, after, limit }) => {
  const pages = await connection.query(
    'SELECT page, members, without_id AS "withoutId", body FROM cohort_page WHERE group_id = $1 AND page > $2 ORDER BY page LIMIT $3',
    [group, after, limit],
  );
  return pages.map(recordOf<StoredPage>);
};

export const history: Cohorts<'history'> = async (connection, { sync, before, limit }) => {
  const rows = await connection.query<{ id: number; text: Uint8Array }>(
    'SELECT id, text FROM cohort_history WHERE sync = $1 AND id < $2 ORDER BY id DESC LIMIT $3',
    [sync, before ?? Number.MAX_SAFE_INTEGER, limit],
  );
  return rows.map(({ id, text }) => ({ id, text: read(text) }));
};
