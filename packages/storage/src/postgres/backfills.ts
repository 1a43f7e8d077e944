import type { Backfill, Backfills } from '../ports/index.ts';
import { endedBackfillsKept } from '../shared/bounds.ts';
import { bytesOf, enqueue, rowsOf } from './journal/append.ts';
import type { Method } from './journal/journal-context.ts';
import { Tally } from './journal/tally.ts';
import type { Queryable } from './server/database.ts';
import { read, stored } from './server/types-on-the-wire.ts';

export const create: Method<Backfills['create']> = async (
  { database },
  { connection, source, options, createdAt, standing },
) => {
  await database.query(
    `DELETE FROM backfill WHERE id IN (
       SELECT id FROM backfill WHERE connection = $1 AND state IN ('done', 'cancelled')
       ORDER BY id DESC OFFSET ${endedBackfillsKept})`,
    [connection],
  );
  const [row] = await database.query<{ id: number }>(
    `INSERT INTO backfill (connection, source, options, created_at, changed_at, standing)
     VALUES ($1, $2, $3, $4, $4, $5) RETURNING id`,
    [connection, stored(source), stored(options), createdAt, standing],
  );
  return row!.id;
};

const columns = `id, connection, source, options, created_at AS "createdAt", state, changed_at AS "changedAt", problem, report, revision, standing`;

type Texts = 'source' | 'options' | 'problem' | 'report';
type Row = Omit<Backfill, Texts> & Record<Texts, Uint8Array>;

const jobOf = ({ source, options, problem, report, ...rest }: Row): Backfill => ({
  ...rest,
  source: read(source),
  options: read(options),
  problem: read(problem) || undefined,
  report: read(report),
});

export const get: Method<Backfills['get']> = async ({ database }, id) => {
  const [row] = await database.query<Row>(`SELECT ${columns} FROM backfill WHERE id = $1`, [id]);
  return row === undefined ? undefined : jobOf(row);
};

export const nextRunning: Method<Backfills['nextRunning']> = async ({ database }) => {
  const [row] = await database.query<Row>(
    `SELECT ${columns} FROM backfill WHERE state = 'running' AND NOT standing ORDER BY id LIMIT 1`,
  );
  return row === undefined ? undefined : jobOf(row);
};

export const standing: Method<Backfills['standing']> = async ({ database }) => {
  const rows = await database.query<Row>(
    `SELECT ${columns} FROM backfill WHERE standing AND state IN ('running', 'paused') ORDER BY id`,
  );
  return rows.map(jobOf);
};

export const list: Method<Backfills['list']> = async ({ database }, { before, limit }) => {
  const rows = await database.query<Row>(
    `SELECT ${columns} FROM backfill WHERE id < $1 ORDER BY id DESC LIMIT $2`,
    [before ?? Number.MAX_SAFE_INTEGER, limit],
  );
  return rows.map(jobOf);
};

export const change: Method<Backfills['change']> = async (
  { database },
  { id, from, to, at, problem = '' },
) => {
  const rows = await database.query(
    `UPDATE backfill SET state = $1, changed_at = $2, problem = $3 WHERE id = $4 AND state = ANY ($5) RETURNING id`,
    [to, at, stored(problem), id, from],
  );
  return rows.length === 1;
};

/** Puts the batches of a step into the queue and stores its positions, where the job is at that step. */
export const advance: Method<Backfills['advance']> = async (
  context,
  { id, revision, batches, files: read, report },
) => {
  const { database, segments, shard } = context;
  const rows = await rowsOf(context, batches);
  return segments.writing(bytesOf(batches), segment =>
    database.transaction(async connection => {
      const [row] = await connection.query<{ revision: number }>(
        `UPDATE backfill SET report = $1, revision = revision + 1
         WHERE id = $2 AND revision = $3 AND state = 'running' RETURNING revision`,
        [stored(report), id, revision],
      );
      if (row === undefined) return undefined;
      await enqueue(connection, rows, segment);
      await putFiles(connection, read);
      const tally = new Tally();
      for (const batch of batches) tally.add(batch.connection, 'accepted', { '': batch.events });
      await tally.write(connection, shard);
      return row.revision;
    }),
  );
};

async function putFiles(connection: Queryable, read: Parameters<Backfills['advance']>[0]['files']) {
  for (const file of read)
    await connection.query(
      `INSERT INTO collected_file (connection, scope, path, version, position, done, unreadable)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (connection, scope, sha256(path)) DO UPDATE
       SET version = excluded.version, position = excluded.position, done = excluded.done,
         unreadable = excluded.unreadable`,
      [
        ...[file.connection, file.scope, stored(file.path), stored(file.version)],
        ...[file.position, file.done, file.unreadable],
      ],
    );
}

export const files: Method<Backfills['files']> = async ({ database }, { connection, scope, paths }) => {
  const rows = await database.query<{
    path: Uint8Array;
    version: Uint8Array;
    position: number;
    done: boolean;
    unreadable: string;
  }>(
    `SELECT path, version, position, done, unreadable FROM collected_file
     WHERE connection = $1 AND scope = $2 AND sha256(path) = ANY (SELECT sha256(unnest) FROM unnest($3::bytea[]))`,
    [connection, scope, paths.map(stored)],
  );
  return rows.map(({ path, version, ...rest }) => ({
    connection,
    scope,
    path: read(path),
    version: read(version),
    ...rest,
  }));
};
