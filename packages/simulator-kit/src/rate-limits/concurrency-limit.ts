/** A limit of concurrent requests, as a vendor applies it. */
export class ConcurrencyLimit {
  #running = 0;

  /** The number of requests in progress. */
  get running(): number {
    return this.#running;
  }

  /** Runs the work, or returns undefined if `limit` requests are already in progress. */
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
