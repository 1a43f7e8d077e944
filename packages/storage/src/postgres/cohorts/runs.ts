import type { RunChunk } from '../../ports/index.ts';
import type { Queryable } from '../server/database.ts';
import { valuesOf } from '../server/values.ts';

export async function createRun(connection: Queryable): Promise<number> {
  const [row] = await connection.query<{ id: number }>('INSERT INTO cohort_run DEFAULT VALUES RETURNING id');
  return row!.id;
}

export async function appendChunks(connection: Queryable, chunks: readonly RunChunk[]): Promise<void> {
  for (let start = 0; start < chunks.length; start += 1_000) {
    const rows = chunks
      .slice(start, start + 1_000)
      .map(({ run, position, body }) => [run, position, Buffer.from(body)]);
    const { text, values } = valuesOf(rows, ['bigint', 'bigint', 'bytea']);
    await connection.query(`INSERT INTO cohort_chunk (run, position, body) VALUES ${text}`, values);
  }
}

export function readChunks(
  connection: Queryable,
  { run, position, limit }: { run: number; position: number; limit: number },
): Promise<RunChunk[]> {
  return connection.query<RunChunk & Record<string, unknown>>(
    'SELECT run, position, body FROM cohort_chunk WHERE run = $1 AND position >= $2 ORDER BY position LIMIT $3',
    [run, position, limit],
  );
}

export async function dropRuns(connection: Queryable, runs: readonly number[]): Promise<void> {
  await connection.query('DELETE FROM cohort_chunk WHERE run = ANY ($1)', [runs]);
  await connection.query('DELETE FROM cohort_run WHERE id = ANY ($1)', [runs]);
}

/** Drops every run that is not named: what a crash left half written. */
export async function keepOnlyRuns(connection: Queryable, runs: readonly number[]): Promise<void> {
  const lost = await connection.query<{ id: number }>(
    'SELECT id FROM cohort_run WHERE NOT id = ANY ($1::bigint[])',
    [runs],
  );
  await dropRuns(
    connection,
    lost.map(({ id }) => id),
  );
}
