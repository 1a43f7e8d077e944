import { DatabaseSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';
import type { CutSettings } from './cuttable.ts';

/**
 * The storage thread, which ends itself when it is cut: at once while idle, and during a transaction before
 * its next `exec`, which is the COMMIT at the latest. `Worker.terminate` would end it inside of SQLite's
 * native code, on which Node 24 sometimes crashes the whole process.
 */
const { cut, channel } = workerData as CutSettings;
const endIfCut = () => {
  if (Atomics.load(cut, 0) === 1) process.exit(1);
};

const cuts = new BroadcastChannel(channel);
cuts.onmessage = endIfCut;
cuts.unref();

const { exec } = DatabaseSync.prototype;
DatabaseSync.prototype.exec = function (sql) {
  endIfCut();
  exec.call(this, sql);
};

endIfCut();
await import('../sqlite/thread/sqlite-worker.ts');
