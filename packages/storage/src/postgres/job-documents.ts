import type { JobDocument, JobDocuments } from '../ports/index.ts';
import type { Database } from './server/database.ts';

export function jobDocuments(database: Database): JobDocuments {
  return {
    list: ({ connection, job, after = '', limit }) =>
      database.query<JobDocument & Record<string, unknown>>(
        'SELECT key, text FROM job_document WHERE connection = $1 AND job = $2 AND key > $3 ORDER BY key LIMIT $4',
        [connection, job, after, limit],
      ),
    async put(connection, job, documents) {
      await database.query(
        `INSERT INTO job_document (connection, job, key, text)
         SELECT $1, $2, key, text FROM unnest($3::text[], $4::text[]) AS given (key, text)
         ON CONFLICT (connection, job, key) DO UPDATE SET text = excluded.text`,
        [connection, job, documents.map(({ key }) => key), documents.map(({ text }) => text)],
      );
    },
    async keepOnly(connections) {
      await database.query('DELETE FROM job_document WHERE connection <> ALL($1)', [connections]);
    },
  };
}
