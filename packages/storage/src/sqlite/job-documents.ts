import type { JobDocument, JobDocuments } from '../ports/index.ts';
import type { Command } from './thread/command.ts';

export const list: Command<JobDocuments['list']> = db => {
  const find = db.prepare(
    'SELECT key, text FROM job_document WHERE connection = ? AND job = ? AND key > ? ORDER BY key LIMIT ?',
  );
  return ({ connection, job, after = '', limit }) =>
    find.all(connection, job, after, limit) as unknown as JobDocument[];
};

export const put: Command<JobDocuments['put']> = db => {
  const write = db.prepare(
    `INSERT INTO job_document (connection, job, key, text) VALUES (?, ?, ?, ?)
     ON CONFLICT (connection, job, key) DO UPDATE SET text = excluded.text`,
  );
  return (connection, job, documents) => {
    for (const { key, text } of documents) write.run(connection, job, key, text);
  };
};

export const keepOnly: Command<JobDocuments['keepOnly']> = db => {
  const remove = db.prepare(
    'DELETE FROM job_document WHERE connection NOT IN (SELECT value FROM json_each(?))',
  );
  return connections => void remove.run(JSON.stringify(connections));
};
