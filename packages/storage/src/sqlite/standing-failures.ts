import type { StandingFailure, StandingFailures } from '../ports/index.ts';
import type { Command } from './thread/command.ts';

export const list: Command<StandingFailures['list']> = db => {
  const find = db.prepare(
    'SELECT kind, since, last, code FROM standing_failure WHERE connection = ? ORDER BY kind',
  );
  return connection => find.all(connection) as unknown as StandingFailure[];
};

export const put: Command<StandingFailures['put']> = db => {
  const add = db.prepare(
    `INSERT INTO standing_failure (connection, kind, since, last, code) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (connection, kind) DO UPDATE
     SET since = min(since, excluded.since), last = max(last, excluded.last),
       code = CASE WHEN excluded.last >= last THEN excluded.code ELSE code END`,
  );
  return (connection, { kind, since, last, code }) => {
    add.run(connection, kind, since, last, code);
  };
};

export const end: Command<StandingFailures['end']> = db => {
  const drop = db.prepare('DELETE FROM standing_failure WHERE connection = ? AND kind = ?');
  return (connection, kind) => {
    drop.run(connection, kind);
  };
};
