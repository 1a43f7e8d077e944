import { writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { getEnvironmentData, isMainThread, setEnvironmentData, threadName } from 'node:worker_threads';

/**
 * A module that the service loads before its own, in every thread (`--import`). After a SIGUSR2 the storage thread
 * dies at its next statement that begins or ends a transaction: before or after it, by an exit or because its
 * heap is exhausted, in turns. It reports each death as a line on the error output. It is not ended from outside,
 * since that would be in the middle of SQLite's own code, on which Node 24 sometimes crashes the whole process.
 */
export const waysToDie = [
  'exit before a statement',
  'heap exhausted after a statement',
  'exit after a statement',
  'heap exhausted before a statement',
] as const;

/** The line of the death with this number, counted from 1. */
export const deathLine = (number: number): string =>
  `death ${number} of the storage thread: ${waysToDie[(number - 1) % waysToDie.length]}`;

/** [0]: number of requested deaths; [1]: number of deaths. */
const key = 'proof.deaths';

if (isMainThread) {
  const deaths = new Int32Array(new SharedArrayBuffer(8));
  setEnvironmentData(key, deaths);
  process.on('SIGUSR2', () => Atomics.add(deaths, 0, 1));
} else if (threadName === 'storage') dieOnRequest(getEnvironmentData(key) as unknown as Int32Array);

function dieOnRequest(deaths: Int32Array): void {
  const dieIf = (place: 'before' | 'after') => {
    const number = Atomics.load(deaths, 1) + 1;
    if (number > Atomics.load(deaths, 0) || !deathLine(number).includes(place)) return;
    Atomics.store(deaths, 1, number);
    writeSync(2, `${deathLine(number)}\n`);
    if (deathLine(number).includes('exit')) process.exit(1);
    const held: unknown[] = [];
    for (;;) held.push(Array.from({ length: 10_000 }, () => ({})));
  };
  const { exec } = DatabaseSync.prototype;
  DatabaseSync.prototype.exec = function (sql) {
    dieIf('before');
    exec.call(this, sql);
    dieIf('after');
  };
}
