import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { StorageError } from '../../ports/index.ts';
import type { PostgresAddress } from '../server/address.ts';
import { connectionConfig, durableCommits, OpenConnection, type Queryable } from '../server/database.ts';
import { faultOf } from '../server/faults.ts';
import { NOW } from '../server/now.ts';
import type { Step } from './steps.ts';

/** Which steps of the schema a database has. */
export type SchemaState = {
  /** The steps that were applied, in order. */
  applied: { number: number; name: string; kind: Step['kind'] }[];
  /** Steps this program knows that were not applied. */
  missing: { number: number; step: Step }[];
  /** How many steps a program must know. */
  needs: number;
};

/** First keys of our advisory locks. */
const MIGRATING = `hashtext('braze-mixpanel migrating')`;
const PROGRAM = `hashtext('braze-mixpanel program')`;

const ledger = `CREATE TABLE IF NOT EXISTS schema_step (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  needs INTEGER NOT NULL,
  applied_at BIGINT NOT NULL
)`;

/**
 * Migrates the tables: applies missing `expand` steps, and `contract` steps if requested. Resolves to the
 * applied steps. Replicas may start at the same time, also of different releases:
 *
 * - The first process acquires an advisory lock and applies the missing steps in one transaction; the others
 *   wait for it.
 * - Only `expand` steps are applied at start, so a release before this one goes on working on these tables.
 * - The contract steps of a schema define how many steps a program must know. A program that knows fewer is
 *   refused, also at each new connection; and it holds a shared lock on its number while it is connected, so
 *   that no contract step is applied under a program that runs.
 *
 * @throws StorageError `corrupt` when the tables are too new for this program, `busy` when a contract step
 * would remove tables of a running program, or others lock the tables for too long, `unavailable` when the
 * database can't be used or does not keep what it commits
 */
export async function migrate(
  address: PostgresAddress,
  steps: readonly Step[],
  { contract = false }: { contract?: boolean } = {},
): Promise<Step[]> {
  return onOneConnection(address, async connection => {
    await refuseUnfit(connection);
    const state = await schemaState(connection, steps);
    refuseTooNew(state.needs, steps);
    if (wanted(state, contract).length === 0) return [];
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await applyMissing(connection, steps, contract);
      } catch (error) {
        await connection.query('ROLLBACK');
        const isBusy = error instanceof StorageError && error.code === 'busy';
        if (!isBusy || error instanceof OlderProgramRuns || attempt === ATTEMPTS) throw error;
        await wait(PAUSE_MS);
      }
    }
  });
}

/**
 * A change of a table waits for its readers while all other queries wait behind it, so its lock time-out is
 * short, and it is tried again.
 */
const LOCK_MS = 2_000;
const PAUSE_MS = 1_000;
const ATTEMPTS = 20;

async function applyMissing(
  connection: Queryable,
  steps: readonly Step[],
  contract: boolean,
): Promise<Step[]> {
  await connection.query('BEGIN');
  await connection.query(`SELECT pg_advisory_xact_lock(${MIGRATING}, 0)`);
  await connection.query(`SET LOCAL lock_timeout = ${LOCK_MS}`);
  await connection.query(ledger);
  const state = await schemaState(connection, steps);
  refuseTooNew(state.needs, steps);
  const chosen = wanted(state, contract);
  for (const { number, step } of chosen) {
    const needs = step.kind === 'contract' ? step.needs : 0;
    await refuseOlderPrograms(connection, needs);
    await connection.query(step.sql);
    await connection.query(`INSERT INTO schema_step VALUES ($1, $2, $3, $4, ${NOW})`, [
      ...[number, step.name, step.kind, needs],
    ]);
  }
  await connection.query('COMMIT');
  return chosen.map(({ step }) => step);
}

/** What was applied and what was not; changes nothing. */
export function readSchemaState(address: PostgresAddress, steps: readonly Step[]): Promise<SchemaState> {
  return onOneConnection(address, connection => schemaState(connection, steps));
}

/**
 * What every connection of a program does first: see that the tables are for it, and say that it uses them.
 */
export async function enterSchema(connection: Queryable, steps: readonly Step[]): Promise<void> {
  await connection.query(`SELECT pg_advisory_lock_shared(${PROGRAM}, $1)`, [steps.length]);
  const [row] = await connection.query<{ needs: number }>('SELECT max(needs) AS needs FROM schema_step');
  refuseTooNew(row?.needs ?? 0, steps);
}

async function schemaState(connection: Queryable, steps: readonly Step[]): Promise<SchemaState> {
  const [table] = await connection.query<{ known: boolean }>(
    `SELECT to_regclass('schema_step') IS NOT NULL AS known`,
  );
  const rows = table?.known
    ? await connection.query<{ number: number; name: string; kind: Step['kind']; needs: number }>(
        'SELECT number, name, kind, needs FROM schema_step ORDER BY number',
      )
    : [];
  const known = new Set(rows.map(({ number }) => number));
  return {
    applied: rows.map(({ number, name, kind }) => ({ number, name, kind })),
    missing: steps
      .map((step, index) => ({ number: index + 1, step }))
      .filter(({ number }) => !known.has(number)),
    needs: rows.reduce((most, { needs }) => Math.max(most, needs), 0),
  };
}

const wanted = ({ missing }: SchemaState, contract: boolean) =>
  missing.filter(({ step }) => contract || step.kind === 'expand');

function refuseTooNew(needs: number, steps: readonly Step[]): void {
  if (needs <= steps.length) return;
  throw new StorageError(
    'corrupt',
    `Storage has tables for programs that know ${needs} steps of the schema; this one knows ${steps.length}. ` +
      'Run the newer version of the program, or point STORAGE_URL at another database.',
  );
}

async function refuseOlderPrograms(connection: Queryable, needs: number): Promise<void> {
  for (let known = 1; known < needs; known += 1) {
    const [row] = await connection.query<{ alone: boolean }>(
      `SELECT pg_try_advisory_xact_lock(${PROGRAM}, $1) AS alone`,
      [known],
    );
    if (row?.alone) continue;
    throw new OlderProgramRuns(
      'busy',
      `A program that knows only ${known} steps of the schema is running, and this step takes away what it uses. ` +
        'Stop or upgrade it, then apply the step again.',
    );
  }
}

class OlderProgramRuns extends StorageError {}

/** An acknowledged batch is on disk: a server that does not wait for its disk cannot keep that. */
async function refuseUnfit(connection: Queryable): Promise<void> {
  const [server] = await connection.query<{ fsync: string; version: string; number: number }>(
    `SELECT current_setting('fsync') AS fsync, current_setting('server_version') AS version,
            current_setting('server_version_num')::bigint AS number`,
  );
  if (server?.fsync === 'off') {
    throw new StorageError(
      'unavailable',
      'PostgreSQL runs with fsync = off, so a batch that was acknowledged could be lost. Set fsync = on and restart it.',
    );
  }
  if ((server?.number ?? 0) < OLDEST_SERVER) {
    throw new StorageError(
      'unavailable',
      `PostgreSQL ${server?.version} is too old. Use version 14 or newer.`,
    );
  }
}

/** The first with compression chosen by column. */
const OLDEST_SERVER = 140_000;

async function onOneConnection<Result>(
  address: PostgresAddress,
  use: (connection: Queryable) => Promise<Result>,
): Promise<Result> {
  // Waiting for another replica's migration may take long; a statement of it, too.
  const client = new Client({ ...connectionConfig(address, 10_000), query_timeout: 10 * 60_000 });
  client.on('error', () => undefined);
  const connection = new OpenConnection(client, address.where);
  try {
    await client.connect().catch((error: unknown) => {
      throw faultOf(error, address.where);
    });
    await connection.query(durableCommits);
    return await use(connection);
  } finally {
    // Whatever transaction is open ends with the connection.
    await client.end().catch(() => undefined);
  }
}
