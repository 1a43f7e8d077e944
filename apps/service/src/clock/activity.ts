/**
 * The work that time or others have caused and that is not done yet. A process with none is idle, which is what a simulated
 * clock waits for before it moves on.
 */
export class Activity {
  #running = 0;
  #started = 0;
  #watchers: (() => void)[] = [];

  get idle(): boolean {
    return this.#running === 0;
  }

  /** Pieces of work started so far. */
  get started(): number {
    return this.#started;
  }

  /** Counts `work` as going on from this moment until it settles. */
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

  /** Resolves when nothing goes on. */
  rest(): Promise<void> {
    return this.idle ? Promise.resolve() : new Promise(resolve => this.#watchers.push(resolve));
  }
}
