import type { RunChunk } from '../../ports/index.ts';
import type { Queryable } from '../server/database.ts';
import { chunksOf, valuesOf } from '../server/values.ts';
import type { Cohorts } from './cohort-method.ts';

export const createRun: Cohorts<'createRun'> = async connection => {
  const [row] = await connection.query<{ id: number }>('INSERT INTO cohort_run DEFAULT VALUES RETURNING id');
  return row!.id;
};

export const appendChunks: Cohorts<'appendChunks'> = async (connection, chunks) => {
  for (const some of chunksOf(chunks, 1_000)) {
    const rows = some.map(({ run, position, body }) => [run, position, Buffer.from(body)]);
    const { text, values } = valuesOf(rows, ['bigint', 'bigint', 'bytea']);
    await connection.query(`INSERT INTO cohort_chunk (run, position, body) VALUES ${text}`, values);
  }
};

export const readChunks: Cohorts<'readChunks'> = (connection, { run, position, limit }) =>
  connection.query<RunChunk & Record<string, unknown>>(
    'SELECT run, position, body FROM cohort_chunk WHERE run = $1 AND position >= $2 ORDER BY position LIMIT $3',
    [run, position, limit],
  );

export async function dropRuns(connection: Queryable, runs: readonly number[]): Promise<void> {
  await connection.query('DELETE FROM cohort_chunk WHERE run = ANY ($1)', [runs]);
  await connection.query('DELETE FROM cohort_run WHERE id = ANY ($1)', [runs]);
}

/** Deletes all runs except these. Others are left from a crash. */
export const keepOnlyRuns: Cohorts<'keepOnlyRuns'> = async (connection, runs) => {
  const lost = await connection.query<{ id: number }>(
    'SELECT id FROM cohort_run WHERE NOT id = ANY ($1::bigint[])',
    [runs],
  );
  await dropRuns(
    connection,
    lost.map(({ id }) => id),
  );
};
