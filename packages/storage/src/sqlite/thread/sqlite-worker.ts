import type { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { transferable } from '@braze-mixpanel/concurrency';
import { StorageError } from '../../ports/index.ts';
import { openDatabase } from '../file/database.ts';
import { faultOf } from '../file/faults.ts';
import { erasedText, truncateWal } from '../file/truncate-wal.ts';
import { type Outcome, runGroup } from '../journal/group-commit.ts';
import { AfterCommit } from './command.ts';
import { CommandGroups } from './command-groups.ts';
import { commands } from './commands.ts';
import { type Answer, type FromWorker, movableOf, type Question, type ToWorker } from './protocol.ts';
import type { WorkerSettings } from './settings.ts';
import type { CommandName } from './thread-ports.ts';

/**
 * The thread that owns the database. `node:sqlite` is synchronous, so it must not run on the main thread.
 *
 * Commands that arrive during a transaction wait; the next transaction runs all of them, or the appends among
 * them ({@link CommandGroups}), and their answers are posted together after its commit (group commit).
 */

/** Commands after which the write-ahead log must not contain what they deleted (see erase.ts). */
const erasers: readonly CommandName[] = ['journal.rewrite', 'deadLetters.remove'];
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
  const waiting = new CommandGroups();

  const run =
    ({ command, args }: Question) =>
    () =>
      prepared[command](...args);

  const drain = () => {
    const group = waiting.next();
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
    if (waiting.isClosing) {
      database.close();
      port?.close();
    } else if (!waiting.isEmpty) setImmediate(drain);
  };

  port?.on('message', (message: ToWorker) => {
    if (waiting.add(message)) setImmediate(drain);
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
