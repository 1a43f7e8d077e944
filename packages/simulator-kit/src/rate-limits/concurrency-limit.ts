/** Counts the requests under way, for a vendor that limits them. */
export class ConcurrencyLimit {
  #running = 0;

  /** How many are under way. */
  get running(): number {
    return this.#running;
  }

  /** Runs the work, or gives undefined when `limit` are under way already. */
  async run<Result>(limit: number, work: () => Promise<Result>): Promise<Result | undefined> {
    if (this.#running >= limit) return undefined;
    this.#running++;
    try {
      return await work();
    } finally {
      this.#running--;
    }
  }
}
