import type { LeaseName } from '../../ports/index.ts';
import { StorageError } from '../../ports/index.ts';
import type { Queryable } from '../server/database.ts';

/** Leases of one replica, on the database's time. */
export class Leases {
  readonly #database: Queryable;
  readonly #replica: string;
  readonly #terms = new Map<LeaseName, string>();

  constructor(database: Queryable, replica: string) {
    this.#database = database;
    this.#replica = replica;
  }

  /** The term that this replica holds the lease for, as far as it knows. */
  termOf(lease: LeaseName): string | undefined {
    return this.#terms.get(lease);
  }

  /**
   * Also takes a lease that would last for more than twice `ttlMs`: it is from before the database's clock
   * was set back.
   */
  async take(lease: LeaseName, ttlMs: number): Promise<boolean> {
    const [taken] = await this.#database.query<{ term: string }>(
      `UPDATE replica_lease
       SET holder = $2, term = term + 1, ends_at = clock_timestamp() + $3 * interval '1 millisecond'
       WHERE name = $1 AND (
         holder = '' OR ends_at < clock_timestamp()
         OR ends_at > clock_timestamp() + $3 * interval '2 milliseconds'
       )
       RETURNING term::text`,
      [lease, this.#replica, ttlMs],
    );
    if (taken) this.#terms.set(lease, taken.term);
    return taken !== undefined;
  }

  async renew(lease: LeaseName, ttlMs: number): Promise<boolean> {
    const renewed = await this.#database.query(
      `UPDATE replica_lease SET ends_at = clock_timestamp() + $4 * interval '1 millisecond'
       WHERE name = $1 AND holder = $2 AND term = $3
       RETURNING name`,
      [lease, this.#replica, this.#terms.get(lease) ?? -1, ttlMs],
    );
    return renewed.length > 0;
  }

  /**
   * From the call on this replica does not hold the lease, even where the database can't be told. Resolves to
   * whether it was held.
   */
  async release(lease: LeaseName): Promise<boolean> {
    const term = this.#terms.get(lease);
    this.#terms.delete(lease);
    if (term === undefined) return false;
    const given = await this.#database.query(
      `UPDATE replica_lease SET holder = '', term = term + 1
       WHERE name = $1 AND holder = $2 AND term = $3
       RETURNING name`,
      [lease, this.#replica, term],
    );
    return given.length > 0;
  }

  /**
   * Fencing check, the first statement in the transaction of every cohort write: until that ends, no other
   * replica can take `cohorts`. While no replica holds the lease, any replica may write that does not believe
   * to hold it.
   *
   * @throws StorageError `unavailable` when another replica holds it
   */
  async fence(connection: Queryable): Promise<void> {
    const [lease] = await connection.query<{ holder: string; term: string }>(
      `SELECT holder, term::text FROM replica_lease WHERE name = 'cohorts' FOR KEY SHARE`,
    );
    const mine = this.#terms.get('cohorts');
    if (mine === undefined ? !lease?.holder : lease?.term === mine) return;
    throw new StorageError(
      'unavailable',
      'Another replica has taken over the cohort syncs, so this replica may no longer change them. Nothing was stored. Try again.',
    );
  }
}
