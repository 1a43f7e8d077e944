/**
 * A counting semaphore: at most `permits` tasks run at a time, and the others wait in arrival order (FIFO). A
 * permit is released when its work settles, including by a rejection, which only reaches the caller of that
 * work.
 *
 * @example
 * ```ts
 * import { Semaphore } from '@braze-mixpanel/concurrency';
 *
 * const semaphore = new Semaphore(2);
 * let running = 0;
 * let most = 0;
 * const work = async () => {
 *   most = Math.max(most, ++running);
 *   await Promise.resolve();
 *   running--;
 * };
 * await Promise.all([1, 2, 3, 4].map(() => semaphore.run(work)));
 * console.log(most); // 2
 * ```
 */
export class Semaphore {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** @param permits maximum number of concurrent tasks; an integer of 1 or more */
  constructor(permits: number) {
    this.#free = permits;
  }

  /** Runs `work` as soon as a permit is free. Settles like `work`. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>(resolve => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
