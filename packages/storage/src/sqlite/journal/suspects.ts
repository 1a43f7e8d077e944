import type { Journal, QuarantinedBatch } from '../../ports/index.ts';
import { assertHaveAll, fatalDeaths } from '../../shared/accounting.ts';
import type { Command } from '../thread/command.ts';
import { prepareBatch } from './append.ts';

/** Clears a suspect that did no harm; it keeps its place in the queue. */
export const acquit: Command<Journal['acquit']> = db => {
  const giveBack = db.prepare('DELETE FROM leases.lease WHERE batch_id = ? AND owner = ?');
  const clear = db.prepare('UPDATE batch SET deaths = 0 WHERE id = ?');
  return (owner, id) => {
    if (giveBack.run(id, owner).changes === 1) clear.run(id);
  };
};

/**
 * Replaces a batch by its parts. The old body is deleted first, so that its pages are free for the new ones.
 */
export const split: Command<Journal['split']> = db => {
  const find = db.prepare(
    `SELECT connection, events, received_at AS receivedAt, profile.text AS profile
     FROM batch JOIN profile ON profile.id = profile_id JOIN leases.lease ON batch_id = batch.id WHERE batch.id = ? AND owner = ?`,
  );
  const removals = ['batch_body WHERE id', 'batch WHERE id', 'leases.lease WHERE batch_id'].map(where =>
    db.prepare(`DELETE FROM ${where} = ?`),
  );
  const add = prepareBatch(db);

  return (owner, id, parts) => {
    const row = find.get(id, owner) as Row | undefined;
    if (row === undefined) return false;
    const { events: all, ...same } = row;
    assertHaveAll(parts, id, all);
    for (const removal of removals) removal.run(id);
    for (const { events, body } of parts) add({ ...same, events, body });
    return true;
  };
};

type Row = { connection: string; events: number; receivedAt: number; profile: string };

export const quarantined: Command<Journal['quarantined']> = db => {
  const list = db.prepare(
    `SELECT id, connection, received_at AS receivedAt, events, bytes FROM batch
     WHERE connection = ? AND id > ? AND deaths >= ${fatalDeaths} ORDER BY id LIMIT ?`,
  );
  return ({ connection, after, limit }) =>
    list.all(connection, after, limit) as unknown as QuarantinedBatch[];
};

export const readmit: Command<Journal['readmit']> = db => {
  const quarantinedOf = `connection = :connection AND deaths >= ${fatalDeaths}`;
  const all = db.prepare(`UPDATE batch SET deaths = 0 WHERE ${quarantinedOf} RETURNING id`);
  const some = db.prepare(
    `UPDATE batch SET deaths = 0 WHERE ${quarantinedOf} AND id IN (SELECT value FROM json_each(:ids)) RETURNING id`,
  );
  return (connection, ids) => {
    const rows =
      ids === undefined ? all.all({ connection }) : some.all({ connection, ids: JSON.stringify(ids) });
    return (rows as { id: number }[]).map(({ id }) => id);
  };
};
