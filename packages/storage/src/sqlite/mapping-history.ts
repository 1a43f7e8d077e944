import type { MappingHistory, StoredMapping } from '../ports/index.ts';
import type { Command } from './thread/command.ts';

export const list: Command<MappingHistory['list']> = db => {
  const find = db.prepare('SELECT since, options FROM mapping_history WHERE connection = ? ORDER BY since');
  return connection => find.all(connection) as unknown as StoredMapping[];
};

export const add: Command<MappingHistory['add']> = db => {
  const insert = db.prepare(
    `INSERT INTO mapping_history (connection, since, options)
     SELECT ?1, ?2, ?3
     WHERE ?3 IS NOT (
       SELECT options FROM mapping_history WHERE connection = ?1 AND since <= ?2 ORDER BY since DESC LIMIT 1
     )
     ON CONFLICT (connection, since) DO UPDATE SET options = excluded.options`,
  );
  return (connection, { since, options }) => {
    insert.run(connection, since, options);
  };
};
