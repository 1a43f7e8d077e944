import type { FirstSeen, StoredName } from '../ports/index.ts';
import type { Command } from './thread/command.ts';

export const list: Command<FirstSeen['list']> = db => {
  const find = db.prepare(
    'SELECT kind, name, at, day FROM first_seen WHERE connection = ? ORDER BY at DESC, kind, name',
  );
  return connection => find.all(connection) as unknown as StoredName[];
};

export const put: Command<FirstSeen['put']> = db => {
  const add = db.prepare(
    `INSERT INTO first_seen (connection, kind, name, at, day)
     SELECT ?1, ?2, ?3, ?4, ?5
     WHERE (SELECT count(*) FROM first_seen WHERE connection = ?1 AND NOT (kind = ?2 AND name = ?3)) < ?6
     ON CONFLICT (connection, kind, name) DO UPDATE SET day = max(day, excluded.day)`,
  );
  return (connection, { kind, name, at, day }, mostNames) => {
    add.run(connection, kind, name, at, day, mostNames);
  };
};

export const dropBefore: Command<FirstSeen['dropBefore']> = db => {
  const drop = db.prepare('DELETE FROM first_seen WHERE day < ?');
  return day => Number(drop.run(day).changes);
};
