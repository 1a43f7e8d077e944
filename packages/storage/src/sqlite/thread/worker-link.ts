import type { Worker } from 'node:worker_threads';
import { startWorker, threadEnd } from '@braze-mixpanel/concurrency';
import { StorageError } from '../../ports/index.ts';
import { errorOf } from '../file/faults.ts';
import { type FromWorker, movableOf, type ToWorker } from './protocol.ts';
import type { WorkerSettings } from './settings.ts';
import type { CommandName } from './thread-ports.ts';

/** Starts the thread. A test passes its own to watch it or to end it. */
export type Spawn = (settings: WorkerSettings) => Worker;

/** A worker that died is started again by the next call, at most once in this many milliseconds. */
const RESTART_AFTER_MS = 1_000;

/** The thread keeps almost nothing in memory, so a small young generation is enough. */
const YOUNG_GENERATION_MB = 8;

/**
 * The calling side of the worker thread.
 *
 * - `open`: calls are posted; each settles with its answer.
 * - `down`: the worker died. All that were waiting have rejected (`unavailable`: what they asked may or may
 *   not be done), and so does every call until a new worker is open. Leases died with the worker; rows did
 *   not.
 * - `closed`: for good.
 */
export class WorkerLink {
  readonly #settings: WorkerSettings;
  readonly #spawn: Spawn;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #state:
    | { is: 'open'; worker: Worker }
    | { is: 'down'; why: StorageError; since: number }
    | { is: 'closed' };
  #ended: Promise<unknown> = Promise.resolve();
  #lastId = 0;

  private constructor(settings: WorkerSettings, spawn: Spawn) {
    this.#settings = settings;
    this.#spawn = spawn;
    this.#state = down(new StorageError('unavailable', 'Storage is being opened.'));
  }

  static async open(settings: WorkerSettings, spawn: Spawn = spawnWorker): Promise<WorkerLink> {
    const link = new WorkerLink(settings, spawn);
    await link.#start();
    return link;
  }

  call(command: CommandName, args: unknown[]): Promise<unknown> {
    if (this.#state.is === 'closed')
      return Promise.reject(new StorageError('unavailable', 'Storage is closed.'));
    if (this.#state.is === 'down') {
      const { why, since } = this.#state;
      if (performance.now() - since >= RESTART_AFTER_MS) this.#restart(why);
      return Promise.reject(why);
    }
    const id = ++this.#lastId;
    const answer = Promise.withResolvers<unknown>();
    this.#state.worker.postMessage({ kind: 'ask', id, command, args } satisfies ToWorker, movableOf(args));
    this.#waiting.set(id, answer);
    return answer.promise;
  }

  /** Answers what was asked before, closes the database and ends the thread. */
  async close(): Promise<void> {
    if (this.#state.is === 'open') this.#state.worker.postMessage({ kind: 'close' } satisfies ToWorker);
    this.#state = { is: 'closed' };
    await this.#ended;
  }

  async #start(): Promise<void> {
    const worker = this.#spawn(this.#settings);
    const opened = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    this.#ended = ended.promise;
    void threadEnd(worker).then(({ reason, cause }) => {
      const message = `The storage thread ended by itself (${reason}).`;
      const why = new StorageError('unavailable', message, { cause });
      opened.reject(why);
      this.#wentDown(worker, why);
      ended.resolve();
    });
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'open') opened.resolve();
      else if (message.kind === 'refused') opened.reject(errorOf(message.fault));
      else if (message.kind === 'answers') this.#settle(message.answers);
      // Ignore other messages: `node --watch` reports the modules of a thread through the thread's own port.
    });
    await opened.promise;
    if (this.#state.is === 'closed') worker.postMessage({ kind: 'close' } satisfies ToWorker);
    else this.#state = { is: 'open', worker };
  }

  #settle(answers: Extract<FromWorker, { kind: 'answers' }>['answers']): void {
    for (const answer of answers) {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('fault' in answer) waiting?.reject(errorOf(answer.fault));
      else waiting?.resolve(answer.value);
    }
  }

  #wentDown(worker: Worker, why: StorageError): void {
    if (this.#state.is === 'open' && this.#state.worker === worker) this.#state = down(why);
    for (const waiting of this.#waiting.values()) waiting.reject(why);
    this.#waiting.clear();
  }

  #restart(why: StorageError): void {
    this.#state = down(why);
    this.#start().catch((error: unknown) => {
      if (this.#state.is === 'down' && error instanceof StorageError) this.#state = down(error);
    });
  }
}

const down = (why: StorageError) => ({ is: 'down' as const, why, since: performance.now() });

/** @param at for tests: another file, which imports that of the worker */
export function spawnWorker(
  settings: WorkerSettings,
  at = { beside: import.meta.url, file: 'sqlite-worker' },
): Worker {
  const limits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB };
  return startWorker({ ...at, name: 'storage', data: settings, limits });
}
