import type { IdSummaries, StoredIdSummary } from '../ports/index.ts';
import type { Command } from './thread/command.ts';
import { erasing } from './upkeep/erase.ts';

export const list: Command<IdSummaries['list']> = db => {
  const find = db.prepare(
    'SELECT connection, day, revision, text FROM id_summary WHERE connection = ? ORDER BY day',
  );
  return connection => find.all(connection) as unknown as StoredIdSummary[];
};

export const put: Command<IdSummaries['put']> = db => {
  const add = db.prepare(
    'INSERT INTO id_summary (connection, day, revision, text) VALUES (?, ?, 1, ?) ON CONFLICT DO NOTHING',
  );
  const update = db.prepare(
    'UPDATE id_summary SET text = ?, revision = revision + 1 WHERE connection = ? AND day = ? AND revision = ?',
  );
  return ({ connection, day, revision, text }) =>
    revision === 0
      ? add.run(connection, day, text).changes === 1
      : erasing(db, () => update.run(text, connection, day, revision)).changes === 1;
};

export const dropBefore: Command<IdSummaries['dropBefore']> = db => {
  const drop = db.prepare('DELETE FROM id_summary WHERE day < ?');
  return day => Number(erasing(db, () => drop.run(day)).changes);
};
