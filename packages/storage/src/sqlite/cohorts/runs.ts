import type { CohortStore, RunChunk } from '../../ports/index.ts';
import { prepareDiskReserve } from '../file/disk-reserve.ts';
import type { Command } from '../thread/command.ts';
import { prepareDropRun } from './drop.ts';

export const createRun: Command<CohortStore['createRun']> = db => {
  const create = db.prepare('INSERT INTO cohort_run DEFAULT VALUES RETURNING id');
  return () => (create.get() as { id: number }).id;
};

/** Runs may use half of the reserve: a complete group becomes a run, and its pages are then deleted. */
const shareOfReserve = 0.5;

export const appendChunks: Command<CohortStore['appendChunks']> = (db, settings) => {
  const needRoom = prepareDiskReserve(db, settings, shareOfReserve);
  const append = db.prepare('INSERT INTO cohort_chunk (run, position, body) VALUES (?, ?, ?)');
  return chunks => {
    needRoom(chunks.reduce((sum, { body }) => sum + body.byteLength, 0));
    for (const { run, position, body } of chunks) append.run(run, position, body);
  };
};

export const readChunks: Command<CohortStore['readChunks']> = db => {
  const read = db.prepare(
    'SELECT run, position, body FROM cohort_chunk WHERE run = ? AND position >= ? ORDER BY position LIMIT ?',
  );
  return ({ run, position, limit }) => read.all(run, position, limit) as unknown as RunChunk[];
};

/** Deletes all runs except these. Others are left from a crash. */
export const keepOnlyRuns: Command<CohortStore['keepOnlyRuns']> = db => {
  const list = db.prepare('SELECT id FROM cohort_run');
  const dropRun = prepareDropRun(db);
  return runs => {
    const named = new Set(runs);
    for (const { id } of list.all() as { id: number }[]) {
      if (!named.has(id)) dropRun(id);
    }
  };
};
