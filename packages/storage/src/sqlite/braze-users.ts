import type { BrazeUser, BrazeUsers, DeleteRequest } from '../ports/index.ts';
import { brazeUsersSwept } from '../shared/bounds.ts';
import { deleteRequests, newestPlace } from '../shared/delete-requests.ts';
import { receiptsOf } from '../shared/records.ts';
import type { Command } from './thread/command.ts';
import { erasing } from './upkeep/erase.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const stored = (text: string) => Buffer.from(text, 'utf8');

export const put: Command<BrazeUsers['put']> = db => {
  const add = db.prepare(
    `INSERT INTO braze_user (braze, external_id, seen) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET seen = max(seen, excluded.seen)`,
  );
  return pairs => {
    for (const { braze, externalId, seen } of pairs) add.run(braze, stored(externalId), seen);
  };
};

export const merge: Command<BrazeUsers['merge']> = db => {
  const copy = db.prepare(
    `INSERT INTO braze_user (braze, external_id, seen) SELECT ?, external_id, seen FROM braze_user WHERE braze = ?
     ON CONFLICT DO UPDATE SET seen = max(seen, excluded.seen)`,
  );
  const drop = db.prepare('DELETE FROM braze_user WHERE braze = ?');
  return (from, into) => {
    if (from === into) return;
    copy.run(into, from);
    drop.run(from);
  };
};

export const related: Command<BrazeUsers['related']> = db => {
  const find = db.prepare(
    `SELECT braze, external_id AS externalId, seen FROM braze_user
     WHERE external_id IN (SELECT external_id FROM braze_user WHERE braze = ?)`,
  );
  return braze =>
    find.all(braze).map(row => {
      const pair = row as unknown as Omit<BrazeUser, 'externalId'> & { externalId: Uint8Array };
      return { ...pair, externalId: decoder.decode(pair.externalId) };
    });
};

const dropPairs = 'DELETE FROM braze_user WHERE external_id = ?';

export const forget: Command<BrazeUsers['forget']> = db => {
  const drop = db.prepare(dropPairs);
  return externalId => Number(erasing(db, () => drop.run(stored(externalId))).changes);
};

export const sweep: Command<BrazeUsers['sweep']> = db => {
  const oldest =
    'DELETE FROM braze_user WHERE (braze, external_id) IN (SELECT braze, external_id FROM braze_user';
  const dropOld = db.prepare(`${oldest} WHERE seen < ? ORDER BY seen LIMIT ${brazeUsersSwept})`);
  const dropBeyond = db.prepare(`${oldest} ORDER BY seen LIMIT ?)`);
  const countAll = db.prepare('SELECT count(*) AS count FROM braze_user');
  const dropRequests = db.prepare('DELETE FROM delete_request WHERE at < ?');
  return ({ before, most }) => {
    const old = dropOld.run(before).changes;
    if (old > 0) return Number(old);
    const beyond = (countAll.get() as { count: number }).count - most;
    if (beyond > 0) return Number(dropBeyond.run(Math.min(beyond, brazeUsersSwept)).changes);
    return Number(dropRequests.run(before).changes);
  };
};

export const request: Command<BrazeUsers['request']> = db => {
  const add = db.prepare(
    'INSERT INTO delete_request (braze, at, state) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  return requests => {
    for (const { braze, at, state } of requests) add.run(braze, at, state);
  };
};

export const requests: Command<BrazeUsers['requests']> = db => {
  const [ofAll, ofOpen] = [false, true].map(open =>
    db.prepare(deleteRequests(open, ':at', ':braze', ':limit')),
  );
  return ({ open = false, before: { at, braze } = newestPlace, limit }) =>
    (open ? ofOpen! : ofAll!).all({ at, braze, limit }).map(row => {
      const found = row as unknown as DeleteRequest & { known: number; receipts: string };
      return { ...found, known: found.known === 1, receipts: receiptsOf(found.receipts) };
    });
};

export const setReceipts: Command<BrazeUsers['setReceipts']> = db => {
  const update = db.prepare('UPDATE delete_request SET receipts = ? WHERE braze = ?');
  return (braze, receipts) => void update.run(receipts.join(' '), braze);
};

export const end: Command<BrazeUsers['end']> = db => {
  const update = db.prepare('UPDATE delete_request SET state = ? WHERE braze = ?');
  const drop = db.prepare(dropPairs);
  return (braze, state, forgotten = []) => {
    update.run(state, braze);
    erasing(db, () => {
      for (const externalId of forgotten) drop.run(stored(externalId));
    });
  };
};
