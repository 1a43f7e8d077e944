import { Pool, type PoolClient, type PoolConfig, type QueryResultRow } from 'pg';
import { StorageError } from '../../ports/index.ts';
import type { PostgresAddress } from './address.ts';
import { faultOf, leavesConnectionWhole } from './faults.ts';
import { wireTypes } from './types-on-the-wire.ts';

export interface Queryable {
  /** One statement; never prepared by name, so that each is planned for the queue as it is now. */
  query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

export interface DatabaseLimits {
  /** Milliseconds that making a connection may take. */
  connectMs: number;
  /**
   * Milliseconds after which the server cancels a statement. The client waits half as long again and then
   * drops the connection.
   */
  statementMs: number;
  /** Connections at most. */
  connections: number;
}

export const usualLimits: DatabaseLimits = { connectMs: 5_000, statementMs: 10_000, connections: 10 };

/**
 * Connections to one PostgreSQL.
 *
 * - Methods reject with a `StorageError`, or an error of the program. After a fault of the connection
 *   (`unavailable`) the work may be done or not.
 * - A connection that stays silent is noticed by a timer of our own and by TCP keep-alive, and never used
 *   again. New ones are made when needed.
 * - The server on its side ends a transaction whose client fell silent, so that its locks do not outlive it
 *   for long.
 */
export class Database implements Queryable {
  /** Host and database, for sentences. */
  readonly where: string;
  readonly #pool: Pool;
  #closed = false;

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

  /** All of it or nothing. Rejects with what `work` rejects with; then nothing was written. */
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

  /** Ends when the queries that run have ended. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#pool.end();
  }

  async #lend<Result>(use: (connection: Lent) => Promise<Result>): Promise<Result> {
    if (this.#closed) throw new StorageError('unavailable', 'The storage was closed.');
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw faultOf(error, this.where);
    });
    const lent = new Lent(client, this.where);
    try {
      return await use(lent);
    } finally {
      client.release(lent.broken);
    }
  }
}

class Lent implements Queryable {
  readonly #client: PoolClient;
  readonly #where: string;
  broken = false;

  constructor(client: PoolClient, where: string) {
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

/** What every connection to this address is made with. */
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

/** A commit is on disk when it is answered, whatever the server or the role would have chosen. */
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
