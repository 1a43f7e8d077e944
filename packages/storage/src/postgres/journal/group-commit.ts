import { StorageError } from '../../ports/index.ts';
import { lengthWithin } from '../../shared/bounds.ts';

/**
 * Tasks that arrive while a commit runs share the next one: one commit, one wait for the disk for all of
 * them. No task settles before its commit.
 *
 * When a group fails, nothing of it was written, and each task runs again alone, so that only the task that
 * causes the failure rejects. When the database is unavailable or busy, the whole group rejects: it may have
 * been written (`unavailable`), or would only wait again.
 */
export class GroupCommit<Task, Result> {
  readonly #commit: (tasks: readonly Task[]) => Promise<Result[]>;
  readonly #sizeOf: (task: Task) => number;
  readonly #bounds: { tasks: number; size: number };
  #waiting: Entry<Task, Result>[] = [];
  #running = false;

  constructor(options: {
    /** Writes all of them or none; results in the order of the tasks. */
    commit: (tasks: readonly Task[]) => Promise<Result[]>;
    sizeOf: (task: Task) => number;
    bounds: { tasks: number; size: number };
  }) {
    this.#commit = options.commit;
    this.#sizeOf = options.sizeOf;
    this.#bounds = options.bounds;
  }

  submit(task: Task): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#waiting.push({ task, resolve, reject });
    if (!this.#running) void this.#run();
    return promise;
  }

  async #run(): Promise<void> {
    this.#running = true;
    // Tasks that are submitted in the same tick share a commit.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#settle(this.#next());
    this.#running = false;
  }

  #next(): Entry<Task, Result>[] {
    const candidates = this.#waiting.slice(0, this.#bounds.tasks);
    const length = lengthWithin(candidates, ({ task }) => this.#sizeOf(task), this.#bounds.size);
    return this.#waiting.splice(0, length);
  }

  async #settle(group: readonly Entry<Task, Result>[]): Promise<void> {
    try {
      const results = await this.#commit(group.map(({ task }) => task));
      for (const [index, { resolve }] of group.entries()) resolve(results[index]!);
    } catch (error) {
      const isLost = error instanceof StorageError && (error.code === 'unavailable' || error.code === 'busy');
      if (group.length === 1 || isLost) for (const { reject } of group) reject(error);
      else for (const entry of group) await this.#settle([entry]);
    }
  }
}

interface Entry<Task, Result> {
  task: Task;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}
