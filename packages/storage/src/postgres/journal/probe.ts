import type { StorageHealth } from '../../ports/index.ts';
import type { Database } from '../server/database.ts';

/** What a probe tries to write at least: about one batch of 100 events. */
const PROBE_BYTES = 64 * 1024;

/** A trial in two commits: room is taken, then given back. */
export async function probe(database: Database, bytes: number): Promise<StorageHealth> {
  try {
    const [row] = await database.query<{ id: number }>(
      'INSERT INTO probe (payload) VALUES ($1) RETURNING id',
      [Buffer.alloc(Math.max(PROBE_BYTES, bytes))],
    );
    await database.query('DELETE FROM probe WHERE id <= $1', [row?.id]);
    return { ok: true };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
