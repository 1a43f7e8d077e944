import { isMarkedAsUntransferable } from 'node:worker_threads';
import { fillsItsMemory } from '@braze-mixpanel/concurrency';
import type { Journal, Overwritten, Retention, Storage, Swept } from '../ports/index.ts';
import { StorageError } from '../ports/index.ts';
import { spaceProbe } from '../shared/space-probe.ts';
import { MIN_FREE_BYTES } from './file/disk-reserve.ts';
import { remotePorts } from './thread/remote-ports.ts';
import { type Spawn, WorkerLink } from './thread/worker-link.ts';

export interface SqliteOptions {
  /**
   * Maximum size of the database file in bytes. Above it appends are refused with `full`; deliveries
   * continue. Default: no limit.
   */
  maxBytes?: number;
  /** Free disk space in bytes that appends do not use, so that deliveries can complete. Default: 64 MB. */
  minFreeBytes?: number;
  /** Starts the storage thread; a test passes its own. */
  spawn?: Spawn;
}

/**
 * SQLite implementation of the ports, on a worker thread with group commit: appends that arrive during a
 * commit share the next one. One process per file (see file-lock.ts); `:memory:` is for tests.
 *
 * @throws StorageError `locked`, `full`, `corrupt`, `unavailable`
 */
export async function openSqliteStorage(file: string, options: SqliteOptions = {}): Promise<Storage> {
  const { maxBytes, minFreeBytes = MIN_FREE_BYTES, spawn } = options;
  const link = await WorkerLink.open({ file, maxBytes, minFreeBytes }, spawn);
  const { upkeep, ...ports } = remotePorts(link);
  const space = spaceProbe(
    batch => ports.journal.append(ownBody(batch)),
    async bytes => {
      await upkeep.writeProbe(bytes);
      await upkeep.clearProbe();
    },
  );

  const journal: Journal = {
    ...ports.journal,
    append: space.append,
    rewrite: request => ports.journal.rewrite(ownBody(request)),
  };

  const sweep = async (retention: Retention): Promise<Swept> => {
    const all: Swept = { delivered: 0, deadLetters: 0, audit: 0, days: 0, cohortPages: 0, broughtBack: 0 };
    for (let more = true; more; ) {
      const some = await upkeep.sweep(retention);
      for (const kind of Object.keys(all) as (keyof Swept)[]) all[kind] += some[kind];
      more = Object.values(some).some(count => count > 0);
    }
    return all;
  };

  const overwrite = async (): Promise<Overwritten> => {
    try {
      return (await upkeep.overwrite()) ? { ok: true } : { ok: false, reason: beingRead(file) };
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      return { ok: false, reason: error.message };
    }
  };

  return {
    ...ports,
    journal,
    backfills: {
      ...ports.backfills,
      advance: step => ports.backfills.advance({ ...step, batches: step.batches.map(ownBody) }),
    },
    sweep,
    overwrite,
    probe: space.probe,
    close: () => link.close(),
  };
}

const beingRead = (file: string) =>
  `Another program (a back-up, the sqlite3 shell) is reading ${file}, so what was erased is still in its write-ahead log. It is ` +
  'overwritten as soon as that program ends its transaction.';

/**
 * The body in an ArrayBuffer of its own, which can be transferred to the thread. A small Buffer shares a pool
 * with other data.
 */
function ownBody<Batch extends { body: Uint8Array }>(batch: Batch): Batch {
  const { body } = batch;
  const isOwn = fillsItsMemory(body) && !isMarkedAsUntransferable(body.buffer);
  return isOwn ? batch : { ...batch, body: new Uint8Array(body) };
}
