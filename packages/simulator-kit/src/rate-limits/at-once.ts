/** How many requests are under way at once, and no more than `limit` of them. */
export interface AtOnce {
  readonly running: number;
  /** Runs the work, or gives undefined when `limit` are running already. */
  enter<Result>(limit: number, work: () => Promise<Result>): Promise<Result | undefined>;
}

export function createAtOnce(): AtOnce {
  let running = 0;
  return {
    get running() {
      return running;
    },
    async enter(limit, work) {
      if (running >= limit) return undefined;
      running++;
      try {
        return await work();
      } finally {
        running--;
      }
    },
  };
}
