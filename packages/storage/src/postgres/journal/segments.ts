import type { Database, Queryable } from '../server/database.ts';
import { MissingTable } from '../server/faults.ts';
import { NOW } from '../server/now.ts';
import { bytesOfBase64 } from '../server/types-on-the-wire.ts';

/**
 * A segment is sealed at this size or age, so that delivered bodies are deleted soon.
 */
const SEGMENT_BYTES = 128 * 1024 * 1024;
const SEGMENT_MS = 5 * 60_000;
/** After this time an open segment belongs to a process that ended or has nothing to write. */
const ABANDONED_MS = 3 * SEGMENT_MS;
/** Bodies that one transaction moves. */
const MOVED_AT_ONCE = 64;

export const bodyTable = (segment: number): string => `batch_body_${segment}`;

/**
 * The tables with the bytes of batches. A process writes to one of its own, the open segment, and reads all
 * of them.
 *
 * - A segment that is sealed, or abandoned, and that no row of `batch` or `delivered` refers to is dropped
 *   whole. The check is repeated under its lock: a concurrent writer either is visible, or finds no table and
 *   its transaction rolls back.
 * - The rest of an old segment that is mostly unused is moved to the open one, so that a few undeliverable
 *   batches do not keep all bodies of their segment.
 */
export class Segments {
  readonly #database: Database;
  readonly #monotonic: () => number;
  #open: { id: number; bytes: number; openedAt: number } | undefined;
  #opening: Promise<number> | undefined;

  constructor(database: Database, monotonic: () => number) {
    this.#database = database;
    this.#monotonic = monotonic;
  }

  /** The open segment, for `bytes` more. */
  async current(bytes: number): Promise<number> {
    if (this.#open !== undefined && this.#isDone(this.#open)) await this.#seal(this.#open);
    if (this.#open === undefined) {
      this.#opening ??= this.#openNext().finally(() => {
        this.#opening = undefined;
      });
      await this.#opening;
    }
    if (this.#open === undefined) return this.current(bytes);
    this.#open.bytes += bytes;
    return this.#open.id;
  }

  /** Runs a write into the open segment, and again with a new one if that was dropped in between. */
  async writing<Result>(bytes: number, write: (segment: number) => Promise<Result>): Promise<Result> {
    const segment = await this.current(bytes);
    try {
      return await write(segment);
    } catch (error) {
      if (!(error instanceof MissingTable)) throw error;
      if (this.#open?.id === segment) this.#open = undefined;
      return write(await this.current(bytes));
    }
  }

  /** The bodies of these rows by id; a row that was completed meanwhile is absent. */
  async read(
    connection: Queryable,
    rows: readonly { id: number; segment: number }[],
  ): Promise<Map<number, Uint8Array>> {
    const bodies = new Map<number, Uint8Array>();
    for (const [segment, own] of Map.groupBy(rows, row => row.segment)) {
      const found = await connection
        .query<{ id: number; body: string }>(
          `SELECT id, encode(body, 'base64') AS body FROM ${bodyTable(segment)} WHERE id = ANY ($1)`,
          [own.map(({ id }) => id)],
        )
        .catch((error: unknown) => {
          if (error instanceof MissingTable) return [];
          throw error;
        });
      for (const { id, body } of found) bodies.set(id, bytesOfBase64(body));
    }
    return bodies;
  }

  /** Drops segments that no row refers to. */
  async dropFinished(): Promise<void> {
    if (this.#open !== undefined && this.#isDone(this.#open)) await this.#seal(this.#open);
    const finished = await this.#database.query<{ id: number }>(
      `SELECT id FROM segment WHERE ${oldEnough} AND ${unreferenced('segment.id')} ORDER BY id LIMIT 100`,
    );
    for (const { id } of finished) if (id !== this.#open?.id) await this.#drop(id);
  }

  /** Moves the rest of segments that are mostly unused. */
  async moveLeftovers(): Promise<void> {
    const worth = await this.#database.query<{ id: number }>(
      `SELECT segment.id FROM segment
         JOIN (SELECT segment, sum(bytes) AS live FROM (SELECT segment, bytes FROM batch UNION ALL SELECT segment, bytes FROM delivered) AS row
               GROUP BY segment) AS used ON used.segment = segment.id
       WHERE coalesce(sealed_at, opened_at) < ${NOW} - ${ABANDONED_MS} AND live * 2 <= coalesce(segment.bytes, ${SEGMENT_BYTES})
       ORDER BY segment.id LIMIT 4`,
    );
    for (const { id } of worth) {
      if (id === this.#open?.id) continue;
      while ((await this.#moveSome('batch', id)) + (await this.#moveSome('delivered', id)) > 0);
    }
  }

  /** Seals the open segment, so that other processes can drop it. */
  async leave(): Promise<void> {
    if (this.#open !== undefined) await this.#seal(this.#open);
  }

  #isDone({ bytes, openedAt }: { bytes: number; openedAt: number }): boolean {
    return bytes >= SEGMENT_BYTES || this.#monotonic() - openedAt >= SEGMENT_MS;
  }

  async #openNext(): Promise<number> {
    const id = await this.#database.transaction(async connection => {
      const [row] = await connection.query<{ id: number }>(
        `INSERT INTO segment (opened_at) VALUES (${NOW}) RETURNING id`,
      );
      const table = bodyTable(row!.id);
      // Rows in it are not updated or deleted, and it is dropped soon: a vacuum would be useless.
      await connection.query(
        `CREATE TABLE ${table} (LIKE batch_body INCLUDING ALL)
           WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false)`,
      );
      return row!.id;
    });
    this.#open = { id, bytes: 0, openedAt: this.#monotonic() };
    return id;
  }

  async #seal(segment: { id: number; bytes: number }): Promise<void> {
    if (this.#open?.id === segment.id) this.#open = undefined;
    await this.#database.query(`UPDATE segment SET sealed_at = ${NOW}, bytes = $2 WHERE id = $1`, [
      segment.id,
      segment.bytes,
    ]);
  }

  async #drop(id: number): Promise<void> {
    try {
      await this.#database.transaction(async connection => {
        // A long reader (a backup) holds the table: try again later, and block no other query meanwhile.
        await connection.query(`SET LOCAL lock_timeout = '100ms'`);
        await connection.query(`LOCK TABLE ${bodyTable(id)} IN ACCESS EXCLUSIVE MODE`);
        const rows = await connection.query(
          `DELETE FROM segment WHERE id = $1 AND ${unreferenced('$1')} RETURNING id`,
          [id],
        );
        if (rows.length > 0) await connection.query(`DROP TABLE ${bodyTable(id)}`);
      });
    } catch {
      // It is in use, or another replica dropped it: the next sweep tries again.
    }
  }

  #moveSome(table: 'batch' | 'delivered', from: number): Promise<number> {
    const free = table === 'batch' ? `AND leased_until <= ${NOW}` : '';
    return this.writing(0, to =>
      this.#database.transaction(async connection => {
        const rows = await connection.query<{ id: number }>(
          `SELECT id FROM ${table} WHERE segment = $1 ${free} ORDER BY id LIMIT ${MOVED_AT_ONCE} FOR UPDATE SKIP LOCKED`,
          [from],
        );
        const ids = rows.map(({ id }) => id);
        if (ids.length === 0 || to === from) return 0;
        await connection.query(
          `INSERT INTO ${bodyTable(to)} (id, body) SELECT id, body FROM ${bodyTable(from)} WHERE id = ANY ($1)`,
          [ids],
        );
        await connection.query(`UPDATE ${table} SET segment = $2 WHERE id = ANY ($1)`, [ids, to]);
        return ids.length;
      }),
    );
  }
}

const oldEnough = `(sealed_at IS NOT NULL OR opened_at < ${NOW} - ${ABANDONED_MS})`;
const unreferenced = (segment: string) =>
  `NOT EXISTS (SELECT FROM batch WHERE batch.segment = ${segment})
   AND NOT EXISTS (SELECT FROM delivered WHERE delivered.segment = ${segment})`;
