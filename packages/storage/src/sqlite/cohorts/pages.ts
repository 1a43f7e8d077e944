import type { CohortStore, HistoryEntry, NewPage, StoredGroup, StoredPage } from '../../ports/index.ts';
import { groupDigest } from '../../shared/group-digest.ts';
import { recordOf } from '../../shared/records.ts';
import { prepareDiskReserve } from '../file/disk-reserve.ts';
import type { Command } from '../thread/command.ts';
import { erasing } from '../upkeep/erase.ts';
import { prepareDropGroup } from './drop.ts';

/** Pages leave 16 MB more free than batches, so that pushed cohorts never use the last space for events. */
const shareOfReserve = 1.25;

export const putPage: Command<CohortStore['putPage']> = (db, settings) => {
  const needRoom = prepareDiskReserve(db, settings, shareOfReserve);
  const find = db.prepare('SELECT id, total FROM cohort_group WHERE sync = ? AND session = ? AND action = ?');
  const open = db.prepare(
    'INSERT INTO cohort_group (sync, session, action, total, touched_at) VALUES (?, ?, ?, ?, 0) RETURNING id, total',
  );
  const touch = db.prepare('UPDATE cohort_group SET touched_at = ? WHERE id = ?');
  const openGroups = db.prepare(
    'SELECT count(*) AS ofAll, count(*) FILTER (WHERE sync = ?) AS ofSync FROM cohort_group',
  );
  const dropGroup = prepareDropGroup(db);
  const dropPage = db.prepare('DELETE FROM cohort_page WHERE group_id = ? AND page = ?');
  const put = db.prepare(
    'INSERT INTO cohort_page (group_id, page, digest, members, without_id, body) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const count = db.prepare('SELECT count(*) AS seen FROM cohort_page WHERE group_id = ?');

  const isOneTooMany = (sync: string, most: NewPage['mostGroups']): boolean => {
    if (most === undefined) return false;
    const { ofSync, ofAll } = openGroups.get(sync) as { ofSync: number; ofAll: number };
    return ofSync >= most.ofSync || ofAll >= most.ofAll;
  };

  return ({
    sync,
    session,
    action,
    page,
    total,
    digest,
    members,
    withoutId,
    body,
    at,
    mostGroups,
    erase,
  }) => {
    if (!erase) needRoom(body.byteLength);
    let group = find.get(sync, session, action) as { id: number; total: number } | undefined;
    if (group !== undefined && group.total !== total) {
      dropGroup(group.id);
      group = undefined;
    } else if (group === undefined && isOneTooMany(sync, mostGroups)) return undefined;
    group ??= open.get(sync, session, action, total) as { id: number; total: number };
    const { id } = group;
    if (at !== undefined) touch.run(at, id);
    if (erase) erasing(db, () => dropPage.run(id, page));
    else dropPage.run(id, page);
    put.run(group.id, page, digest, members ?? null, withoutId, body);
    const { seen } = count.get(group.id) as { seen: number };
    return { group: group.id, seen, total };
  };
};

export const groups: Command<CohortStore['groups']> = db => {
  const list = db.prepare(
    `SELECT g.id, g.session, g.action, g.total, count(p.page) AS seen, coalesce(sum(p.without_id), 0) AS withoutId,
            CASE WHEN count(p.members) = count(p.page) THEN coalesce(sum(p.members), 0) END AS members,
            ended.digest AS endedDigest
     FROM cohort_group g LEFT JOIN cohort_page p ON p.group_id = g.id
       LEFT JOIN cohort_ended ended USING (sync, session, action)
     WHERE g.sync = ? GROUP BY g.id ORDER BY g.id`,
  );
  const digests = db.prepare('SELECT digest FROM cohort_page WHERE group_id = ? ORDER BY page');
  const digestOf = (group: number) => groupDigest(digests.iterate(group) as Iterable<{ digest: string }>);

  return sync =>
    list.all(sync).map(row => {
      const group = recordOf<Omit<StoredGroup, 'digest'>>(row);
      return { ...group, digest: group.seen === group.total ? digestOf(group.id) : '' };
    });
};

export const readPages: Command<CohortStore['readPages']> = db => {
  const read = db.prepare(
    'SELECT page, members, without_id AS withoutId, body FROM cohort_page WHERE group_id = ? AND page > ? ORDER BY page LIMIT ?',
  );
  return ({ group, after, limit }) => read.all(group, after, limit).map(recordOf<StoredPage>);
};

export const history: Command<CohortStore['history']> = db => {
  const read = db.prepare(
    'SELECT id, text FROM cohort_history WHERE sync = ? AND id < ? ORDER BY id DESC LIMIT ?',
  );
  return ({ sync, before, limit }) =>
    read.all(sync, before ?? Number.MAX_SAFE_INTEGER, limit) as unknown as HistoryEntry[];
};
