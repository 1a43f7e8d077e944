import type { Backfill, Backfills, CollectedFile } from '../ports/index.ts';
import { endedBackfillsKept } from '../shared/bounds.ts';
import { prepareDiskReserve } from './file/disk-reserve.ts';
import { prepareBatch } from './journal/append.ts';
import { prepareTally } from './journal/tally.ts';
import type { Command } from './thread/command.ts';

export const create: Command<Backfills['create']> = db => {
  const add = db.prepare(
    `INSERT INTO backfill (connection, source, options, created_at, changed_at, standing)
     VALUES (:connection, :source, :options, :createdAt, :createdAt, :standing) RETURNING id`,
  );
  const dropOld = db.prepare(
    `DELETE FROM backfill WHERE id IN (
       SELECT id FROM backfill WHERE connection = ? AND state IN ('done', 'cancelled')
       ORDER BY id DESC LIMIT -1 OFFSET ${endedBackfillsKept})`,
  );
  return ({ connection, source, options, createdAt, standing }) => {
    dropOld.run(connection);
    const row = add.get({ connection, source, options, createdAt, standing: standing ? 1 : 0 });
    return (row as { id: number }).id;
  };
};

const columns = `id, connection, source, options, created_at AS createdAt, state, changed_at AS changedAt, problem, report, revision, standing`;

const jobOf = (row: unknown): Backfill => {
  const job = row as Omit<Backfill, 'standing'> & { standing: number };
  return { ...job, problem: job.problem || undefined, standing: job.standing === 1 };
};

export const get: Command<Backfills['get']> = db => {
  const find = db.prepare(`SELECT ${columns} FROM backfill WHERE id = ?`);
  return id => {
    const row = find.get(id);
    return row === undefined ? undefined : jobOf(row);
  };
};

export const nextRunning: Command<Backfills['nextRunning']> = db => {
  const find = db.prepare(
    `SELECT ${columns} FROM backfill WHERE state = 'running' AND standing = 0 ORDER BY id LIMIT 1`,
  );
  return () => {
    const row = find.get();
    return row === undefined ? undefined : jobOf(row);
  };
};

export const standing: Command<Backfills['standing']> = db => {
  const find = db.prepare(
    `SELECT ${columns} FROM backfill WHERE standing = 1 AND state IN ('running', 'paused') ORDER BY id`,
  );
  return () => find.all().map(jobOf);
};

export const list: Command<Backfills['list']> = db => {
  const find = db.prepare(`SELECT ${columns} FROM backfill WHERE id < ? ORDER BY id DESC LIMIT ?`);
  return ({ before = Number.MAX_SAFE_INTEGER, limit }) => find.all(before, limit).map(jobOf);
};

export const change: Command<Backfills['change']> = db => {
  const update = db.prepare(
    `UPDATE backfill SET state = ?, changed_at = ?, problem = ?
     WHERE id = ? AND state IN (SELECT value FROM json_each(?))`,
  );
  return ({ id, from, to, at, problem = '' }) =>
    update.run(to, at, problem, id, JSON.stringify(from)).changes === 1;
};

/** Puts the batches of a step into the queue and stores its positions, where the job is at that step. */
export const advance: Command<Backfills['advance']> = (db, settings) => {
  const needRoom = prepareDiskReserve(db, settings);
  const addBatch = prepareBatch(db);
  const tally = prepareTally(db);
  const next = db.prepare(
    `UPDATE backfill SET report = ?, revision = revision + 1
     WHERE id = ? AND revision = ? AND state = 'running' RETURNING revision`,
  );
  const putFile = db.prepare(
    `INSERT INTO collected_file (connection, scope, path, version, position, done, unreadable)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET version = excluded.version, position = excluded.position, done = excluded.done,
       unreadable = excluded.unreadable`,
  );
  return ({ id, revision, batches, files, report }) => {
    const row = next.get(report, id, revision) as { revision: number } | undefined;
    if (row === undefined) return undefined;
    needRoom(batches.reduce((sum, { body }) => sum + body.byteLength, 0));
    for (const batch of batches) {
      addBatch(batch);
      tally(batch.connection, 'accepted', { '': batch.events });
    }
    for (const { connection, scope, path, version, position, done, unreadable } of files)
      putFile.run(connection, scope, path, version, position, done ? 1 : 0, unreadable);
    return row.revision;
  };
};

export const files: Command<Backfills['files']> = db => {
  const find = db.prepare(
    `SELECT connection, scope, path, version, position, done, unreadable FROM collected_file
     WHERE connection = ? AND scope = ? AND path IN (SELECT value FROM json_each(?))`,
  );
  return ({ connection, scope, paths }) =>
    find.all(connection, scope, JSON.stringify(paths)).map(row => {
      const file = row as unknown as Omit<CollectedFile, 'done'> & { done: number };
      return { ...file, done: file.done === 1 };
    });
};
