/**
 * A serial queue (FIFO mutex): tasks run one at a time, in the order in which they were added. A rejection
 * only reaches the caller of that task; the next task still runs.
 *
 * A task must not wait for its own queue: that is a deadlock.
 *
 * @example
 * ```ts
 * import { SerialQueue } from '@braze-mixpanel/concurrency';
 *
 * const queue = new SerialQueue();
 * const first = queue.run(async () => 1);
 * const second = queue.run(async () => (await first) + 1); // starts after the first
 * await queue.idle();
 * console.log(await second); // 2
 * ```
 */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `work` after everything added before it. Settles like `work`. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when everything added so far has settled. Never rejects. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
