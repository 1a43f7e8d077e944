import type { MetricHistory, StoredMetrics } from '../ports/index.ts';
import type { Command } from './thread/command.ts';

const columns = 'connection, length, at, revision, text';

export const get: Command<MetricHistory['get']> = db => {
  const find = db.prepare(
    `SELECT ${columns} FROM metric_history WHERE connection = ? AND length = ? AND at = ?`,
  );
  return ({ connection, length, at }) =>
    find.get(connection, length, at) as unknown as StoredMetrics | undefined;
};

export const list: Command<MetricHistory['list']> = db => {
  const find = db.prepare(
    `SELECT ${columns} FROM metric_history WHERE connection = ? AND length = ? AND at >= ? ORDER BY at`,
  );
  return ({ connection, length, from }) => find.all(connection, length, from) as unknown as StoredMetrics[];
};

export const put: Command<MetricHistory['put']> = db => {
  const add = db.prepare(
    'INSERT INTO metric_history (connection, length, at, revision, text) VALUES (?, ?, ?, 1, ?) ON CONFLICT DO NOTHING',
  );
  const update = db.prepare(
    `UPDATE metric_history SET text = ?, revision = revision + 1
     WHERE connection = ? AND length = ? AND at = ? AND revision = ?`,
  );
  return ({ connection, length, at, revision, text }) =>
    revision === 0
      ? add.run(connection, length, at, text).changes === 1
      : update.run(text, connection, length, at, revision).changes === 1;
};

export const dropBefore: Command<MetricHistory['dropBefore']> = db => {
  const drop = db.prepare('DELETE FROM metric_history WHERE length = ? AND at < ?');
  return (length, at) => Number(drop.run(length, at).changes);
};
