import { DatabaseSync } from 'node:sqlite';
import { attachLeases, clearLeases } from '../journal/lease-file.ts';
import { endImpossibleDelays } from '../journal/queue-time.ts';
import { migrate } from '../schema/steps.ts';
import type { WorkerSettings } from '../thread/settings.ts';
import { createFile } from './create-file.ts';
import { faultOf } from './faults.ts';
import { lockFile } from './file-lock.ts';
import { SpareFile } from './spare-file.ts';

/** Bodies are 50 to 100 kB: larger pages than SQLite's 4,096 bytes make fewer of them. */
const PAGE_BYTES = 8_192;
/** Bytes between two checkpoints. Fewer checkpoints use more disk; more of them delay appends. */
const CHECKPOINT_BYTES = 16 * 1024 * 1024;
const CACHE_KIB = 4 * 1024;
/**
 * How long a statement waits for another program (a backup, the sqlite3 shell) before the call rejects with
 * `busy`.
 */
const BUSY_MS = 5_000;

export interface OwnedDatabase {
  db: DatabaseSync;
  /** Space for the moment when the disk has none. */
  spare: SpareFile;
  close(): void;
}

/**
 * Opens the file for this process alone, with tables. Durable means: write-ahead log with `synchronous=FULL`,
 * so that every commit is an fsync. Any crash leaves the file and its log; the next open reads the log up to
 * the last whole commit. Space of delivered batches is reused, but the file does not shrink (VACUUM it with
 * the service stopped).
 */
export function openDatabase(settings: WorkerSettings): OwnedDatabase {
  const { file, minFreeBytes } = settings;
  const path = file === ':memory:' ? file : createFile(file);
  const lock = path === ':memory:' ? undefined : lockFile(path);
  const spare = new SpareFile(path, minFreeBytes);
  try {
    const db = openWithRoom(path, settings, spare);
    spare.keep();
    return {
      db,
      spare,
      close() {
        clearLeases(db);
        db.close();
        lock?.close();
      },
    };
  } catch (error) {
    lock?.close();
    throw error;
  }
}

/** On a full disk the spare file is released once. */
function openWithRoom(path: string, settings: WorkerSettings, spare: SpareFile): DatabaseSync {
  try {
    return openAt(path, settings);
  } catch (error) {
    if (faultOf(error, settings.file).code !== 'full' || !spare.release()) throw error;
    return openAt(path, settings);
  }
}

function openAt(path: string, { maxBytes }: WorkerSettings): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { timeout: BUSY_MS });
    db.exec(`PRAGMA page_size = ${PAGE_BYTES};
             PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA temp_store = MEMORY;
             PRAGMA cache_size = -${CACHE_KIB};
             PRAGMA wal_autocheckpoint = ${CHECKPOINT_BYTES / PAGE_BYTES};
             PRAGMA journal_size_limit = ${4 * CHECKPOINT_BYTES};`);
    if (maxBytes !== undefined) db.exec(`PRAGMA max_page_count = ${Math.ceil(maxBytes / PAGE_BYTES)}`);
    migrate(db);
    endImpossibleDelays(db);
    attachLeases(db, path);
    return db;
  } catch (error) {
    db?.close();
    throw error;
  }
}
