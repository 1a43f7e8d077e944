import { type ClientBase, Pool, type PoolConfig, type QueryResultRow } from 'pg';
import { StorageError } from '../../ports/index.ts';
import type { PostgresAddress } from './address.ts';
import { faultOf, leavesConnectionWhole } from './faults.ts';
import { wireTypes } from './types-on-the-wire.ts';

export interface Queryable {
  /**
   * Runs one statement. It is never prepared by name, so that its plan fits the current size of the queue.
   */
  query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

export interface DatabaseLimits {
  /** Time-out of a new connection in milliseconds. */
  connectMs: number;
  /**
   * Milliseconds after which the server cancels a statement. The client waits half as long again and then
   * drops the connection.
   */
  statementMs: number;
  /** Maximum number of connections. */
  connections: number;
}

export const usualLimits: DatabaseLimits = { connectMs: 5_000, statementMs: 10_000, connections: 10 };

/**
 * Connections to one PostgreSQL.
 *
 * - Methods reject with a `StorageError`, or an error of the program. After a fault of the connection
 *   (`unavailable`) the work may be done or not.
 * - A silent connection is detected by a timer and by TCP keep-alive, and never used again. New ones are
 *   opened when needed.
 * - The server ends a transaction whose client is silent, so that its locks end soon.
 */
export class Database implements Queryable {
  /** Host and database, for sentences. */
  readonly where: string;
  readonly #pool: Pool;
  #closed = false;
  /** Whether a connection was opened before. */
  #connected = false;

  constructor(
    address: PostgresAddress,
    { connectMs, statementMs, connections }: DatabaseLimits,
    onConnect: (connection: Queryable) => Promise<void>,
  ) {
    this.where = address.where;
    const settings = sessionSettings(statementMs);
    this.#pool = new Pool({
      ...connectionConfig(address, connectMs),
      query_timeout: statementMs * 1.5,
      max: connections,
      allowExitOnIdle: true,
      onConnect: async client => {
        // Without a listener an error of a connection that is lent out would end the process; its next query
        // rejects anyway.
        client.on('error', () => undefined);
        await client.query(settings);
        await onConnect({
          query: async (text, values) => (await client.query({ text, values: [...(values ?? [])] })).rows,
        });
      },
    });
    this.#pool.on('error', () => undefined);
  }

  query<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.#lend(connection => connection.query<Row>(text, values));
  }

  /** Runs `work` in one transaction. When `work` rejects, so does this, and nothing was written. */
  transaction<Result>(work: (connection: Queryable) => Promise<Result>): Promise<Result> {
    return this.#lend(async connection => {
      await connection.query('BEGIN');
      try {
        const result = await work(connection);
        await connection.query('COMMIT');
        return result;
      } catch (error) {
        if (!connection.broken) await connection.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }

  /** Resolves when the running queries have ended. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#pool.end();
  }

  async #lend<Result>(use: (connection: OpenConnection) => Promise<Result>): Promise<Result> {
    if (this.#closed) throw new StorageError('unavailable', 'The storage was closed.');
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw faultOf(error, this.where, this.#connected);
    });
    this.#connected = true;
    const connection = new OpenConnection(client, this.where);
    try {
      return await use(connection);
    } finally {
      client.release(connection.broken);
    }
  }
}

/** A connection while it is in use. Its queries reject with a `StorageError` or an error of the program. */
export class OpenConnection implements Queryable {
  readonly #client: ClientBase;
  readonly #where: string;
  /** Whether it can't be used again. */
  broken = false;

  constructor(client: ClientBase, where: string) {
    this.#client = client;
    this.#where = where;
  }

  async query<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    try {
      return (await this.#client.query<Row>({ text, values: [...values] })).rows;
    } catch (error) {
      this.broken ||= !leavesConnectionWhole(error);
      throw faultOf(error, this.#where);
    }
  }
}

/** Settings of every connection to this address. */
export function connectionConfig({ url }: PostgresAddress, connectMs: number): PoolConfig {
  return {
    connectionString: url,
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: 'braze-mixpanel',
    types: wireTypes,
  };
}

/** A commit is answered when it is on disk, whatever the settings of the server or the role are. */
export const durableCommits = `SELECT set_config('synchronous_commit', 'on', false)
  WHERE current_setting('synchronous_commit') = 'off'`;

const sessionSettings = (statementMs: number) => `
  SET statement_timeout = ${statementMs};
  SET lock_timeout = ${statementMs / 2};
  SET idle_in_transaction_session_timeout = ${statementMs * 2};
  SET tcp_keepalives_idle = 10;
  SET tcp_keepalives_interval = 5;
  SET tcp_keepalives_count = 3;
  SET jit = off;
  ${durableCommits}`;
