import { BATCHES_PER_PART, partOf, userDigest } from '../../shared/user-digest.ts';
import type { Queryable } from '../server/database.ts';

/** The index of kept bodies by user. */
export class DeliveredUsers {
  #salt: string | undefined;

  /** Adds the users of these batches. */
  async add(
    connection: Queryable,
    batches: readonly { readonly id: number; readonly users: readonly string[] }[],
  ): Promise<void> {
    if (batches.length === 0) return;
    const ids: number[] = [];
    const digests: string[] = [];
    for (const { id, users } of batches) {
      for (const digest of await this.digestsOf(connection, users)) {
        ids.push(id);
        digests.push(digest);
      }
    }
    await connection.query(
      `INSERT INTO delivered_user (part, digest, batch)
       SELECT batch / ${BATCHES_PER_PART}, digest, batch FROM unnest($1::bigint[], $2::bigint[]) AS given (digest, batch)`,
      [digests, ids],
    );
  }

  /** Removes these users of a batch. */
  async remove(connection: Queryable, batch: number, users: readonly string[]): Promise<void> {
    await connection.query(
      'DELETE FROM delivered_user WHERE part = $1 AND digest = ANY ($2::bigint[]) AND batch = $3',
      [partOf(batch), await this.digestsOf(connection, users), batch],
    );
  }

  /** Removes all users of these batches. */
  async removeAll(connection: Queryable, batches: readonly number[]): Promise<void> {
    if (batches.length === 0) return;
    await connection.query(
      'DELETE FROM delivered_user WHERE part = ANY ($1::bigint[]) AND batch = ANY ($2::bigint[])',
      [[...new Set(batches.map(partOf))], batches],
    );
  }

  /** In decimal digits: the driver has no 64-bit numbers. */
  async digestsOf(connection: Queryable, users: readonly string[]): Promise<string[]> {
    this.#salt ??= await saltOf(connection);
    const salt = this.#salt;
    return [...new Set(users.map(user => String(userDigest(salt, user))))];
  }
}

async function saltOf(connection: Queryable): Promise<string> {
  const [row] = await connection.query<{ salt: string }>('SELECT salt FROM delivered_salt');
  if (row === undefined) throw new Error('the salt of the index of kept bodies is not there');
  return row.salt;
}
