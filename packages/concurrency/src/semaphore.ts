/**
 * A counting semaphore: at most `permits` pieces of work run at a time; the others wait in the order in which they came. A permit
 * is released when its work settles, also by a rejection, which reaches the caller of that work alone.
 *
 * @example
 * ```ts
 * import { Semaphore } from '@braze-mixpanel/concurrency';
 *
 * const semaphore = new Semaphore(2);
 * const bodies = await Promise.all(urls.map(url => semaphore.run(() => fetch(url).then(answer => answer.text()))));
 * ```
 */
export class Semaphore {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** @param permits how many pieces of work run at a time; a whole number of 1 or more */
  constructor(permits: number) {
    this.#free = permits;
  }

  /** Runs `work` as soon as a permit is free. Settles as `work` does. */
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
