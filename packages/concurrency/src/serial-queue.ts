/**
 * A serial queue (mutex with a waiting line): pieces of work run one at a time, in the order in which they were added. Work that
 * rejects rejects for its caller alone; the next piece runs all the same.
 *
 * Work must not wait for the queue it runs in: it would wait for itself.
 *
 * @example
 * ```ts
 * import { SerialQueue } from '@braze-mixpanel/concurrency';
 *
 * const queue = new SerialQueue();
 * const first = queue.run(async () => 1);
 * const second = queue.run(async () => (await first) + 1); // begins when the first has ended
 * await queue.idle();
 * ```
 */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `work` after all that was added before. Settles as `work` does. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when all that was added until now has ended. Never rejects. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
