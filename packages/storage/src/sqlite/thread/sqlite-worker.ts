import type { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { transferable } from '@braze-mixpanel/concurrency';
import { StorageError } from '../../ports/index.ts';
import { lengthWithin } from '../../shared/bounds.ts';
import { openDatabase } from '../file/database.ts';
import { faultOf } from '../file/faults.ts';
import { erasedText, truncateWal } from '../file/truncate-wal.ts';
import { type Outcome, runGroup } from '../journal/group-commit.ts';
import { AfterCommit } from './command.ts';
import { commands } from './commands.ts';
import { type Answer, type FromWorker, movableOf, type Question, type ToWorker } from './protocol.ts';
import type { WorkerSettings } from './settings.ts';
import type { CommandName } from './thread-ports.ts';

/**
 * The thread that owns the database. `node:sqlite` is synchronous, so it must not run on the main thread.
 *
 * Commands that arrive during a transaction wait; the next transaction runs all of them, up to the bounds
 * below, and their answers are posted together after its commit (group commit).
 */
const MAX_GROUP = 256;
const MAX_GROUP_BYTES = 16 * 1024 * 1024;

/** Commands after which the write-ahead log must not contain what they deleted (see erase.ts). */
const erasers: readonly CommandName[] = [
  'journal.rewrite',
  'deadLetters.remove',
  'receipts.put',
  'brazeUsers.forget',
  'brazeUsers.end',
];
const erases = ({ command, args: [request] }: Question) =>
  erasers.includes(command) || (typeof request === 'object' && request !== null && 'erase' in request);

const port = parentPort;
if (port === null)
  throw new Error('sqlite-worker runs as a worker thread only; open the storage with openStorage().');
const settings = workerData as WorkerSettings;
const tell = (message: FromWorker, moved: ArrayBuffer[] = []) => port.postMessage(message, moved);

try {
  serve();
  tell({ kind: 'open' });
} catch (error) {
  tell({ kind: 'refused', fault: faultOf(error, settings.file) });
}

function serve(): void {
  const database = openDatabase(settings);
  // Both threads derive their types from the table of commands; messages between them are untyped.
  const prepared = Object.fromEntries(
    Object.entries(commands).flatMap(([port, own]) =>
      Object.entries(own).map(([name, prepare]) => [`${port}.${name}`, prepare(database.db, settings)]),
    ),
  ) as Record<CommandName, (...args: unknown[]) => unknown>;
  const erased = erasedText(database.db);
  const queue: ToWorker[] = [];

  const run =
    ({ command, args }: Question) =>
    () =>
      prepared[command](...args);

  const drain = () => {
    const group = nextGroup(queue);
    const outcomes = runGroup(database.db, group.map(run), error => {
      if (faultOf(error, settings.file).code !== 'full') return;
      tryTruncateWal(database.db);
      if (isDiskFull(error)) database.spare.release();
    });
    const answers = group.map(({ id }, index): Answer => {
      const outcome = settled(outcomes[index]!);
      return 'value' in outcome
        ? { id, value: outcome.value }
        : { id, fault: faultOf(outcome.error, settings.file) };
    });
    // A successful probe found space beyond the reserve.
    if (group.some(({ command }) => command === 'upkeep.clearProbe')) database.spare.keep();
    erased.afterGroup(group.some(erases));
    tell(
      { kind: 'answers', answers },
      answers.flatMap(answer => ('value' in answer ? transferable(answer.value) : [])),
    );
    // Release the memory now: the garbage collector counts only the small wrapper objects and would let
    // megabytes of bodies pile up.
    for (const { args } of group)
      for (const buffer of movableOf(args)) if (!buffer.detached) buffer.transfer(0);
    if (queue[0]?.kind === 'close') {
      database.close();
      port?.close();
    } else if (queue.length > 0) setImmediate(drain);
  };

  port?.on('message', (message: ToWorker) => {
    queue.push(message);
    if (queue.length === 1) setImmediate(drain);
  });
}

function settled(outcome: Outcome): Outcome {
  if (!('value' in outcome && outcome.value instanceof AfterCommit)) return outcome;
  try {
    return { value: outcome.value.answer() };
  } catch (error) {
    return { error };
  }
}

/**
 * Whether the disk itself has no space. An append refused because of the reserve does not use the spare file.
 */
const isDiskFull = (error: unknown): boolean => !(error instanceof StorageError);

/**
 * Last resort when a commit finds no space. Frees nothing if the file must grow for it; then only an operator
 * can free space.
 */
function tryTruncateWal(db: DatabaseSync): void {
  try {
    truncateWal(db);
  } catch {
    // Still full: the next commit fails with that error.
  }
}

/** Removes commands from the queue up to the bounds or the `close`; the first one whatever its size. */
function nextGroup(queue: ToWorker[]): Question[] {
  const candidates = queue.slice(0, MAX_GROUP);
  const close = candidates.findIndex(({ kind }) => kind === 'close');
  const questions = (close === -1 ? candidates : candidates.slice(0, close)) as Question[];
  const group = questions.slice(0, lengthWithin(questions, bytesOf, MAX_GROUP_BYTES));
  queue.splice(0, group.length);
  return group;
}

const bytesOf = ({ args }: Question): number =>
  movableOf(args).reduce((sum, buffer) => sum + buffer.byteLength, 0);
