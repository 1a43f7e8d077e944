import type { TombstoneState, Tombstones } from '../ports/index.ts';
import type { Command } from './thread/command.ts';
import { erasing } from './upkeep/erase.ts';

export const state: Command<Tombstones['state']> = db => {
  const create = db.prepare(
    'INSERT INTO tombstone_state (id, salt, revision) VALUES (1, ?, 0) ON CONFLICT DO NOTHING',
  );
  const find = db.prepare('SELECT salt, revision FROM tombstone_state');
  return offeredSalt => {
    create.run(offeredSalt);
    return find.get() as unknown as TombstoneState;
  };
};

export const list: Command<Tombstones['list']> = db => {
  const find = db.prepare('SELECT digest FROM tombstone');
  return () => find.all().map(({ digest }) => digest as string);
};

const changed = 'UPDATE tombstone_state SET revision = revision + 1';

export const put: Command<Tombstones['put']> = db => {
  const add = db.prepare('INSERT INTO tombstone (digest, at) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const change = db.prepare(changed);
  return (digest, at) => {
    add.run(digest, at);
    change.run();
  };
};

export const remove: Command<Tombstones['remove']> = db => {
  const drop = db.prepare('DELETE FROM tombstone WHERE digest = ?');
  const change = db.prepare(changed);
  return digest => {
    const { changes } = erasing(db, () => drop.run(digest));
    change.run();
    return changes > 0;
  };
};
