/**
 * Work that is not done yet, caused by time or requests. A process without any is idle, which a simulated
 * clock waits for before it advances.
 */
export class Activity {
  #running = 0;
  #started = 0;
  #watchers: (() => void)[] = [];

  get idle(): boolean {
    return this.#running === 0;
  }

  /** Number of tasks started so far. */
  get started(): number {
    return this.#started;
  }

  /** Counts `work` as running from this moment until it settles. */
  async track<T>(work: () => Promise<T>): Promise<T> {
    this.#running++;
    this.#started++;
    try {
      return await work();
    } finally {
      this.#running--;
      if (this.idle) for (const watcher of this.#watchers.splice(0)) watcher();
    }
  }

  /** Resolves when no work is running. */
  rest(): Promise<void> {
    return this.idle ? Promise.resolve() : new Promise(resolve => this.#watchers.push(resolve));
  }
}
