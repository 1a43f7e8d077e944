import type { Database } from '../server/database.ts';

/** Tests that the server has space, in two commits: space is used, then freed. */
export async function probe(database: Database, bytes: number): Promise<void> {
  const [row] = await database.query<{ id: number }>('INSERT INTO probe (payload) VALUES ($1) RETURNING id', [
    Buffer.alloc(bytes),
  ]);
  await database.query('DELETE FROM probe WHERE id <= $1', [row?.id]);
}
