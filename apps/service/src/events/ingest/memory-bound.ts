/** A limit of the bytes of all request bodies in memory, over all requests. */
export class MemoryBound {
  readonly #most: number;
  #held = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Reserves `bytes`; `false` where they do not fit. Every reservation needs its `release`. */
  reserve(bytes: number): boolean {
    if (this.#held + bytes > this.#most) return false;
    this.#held += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#held -= bytes;
  }

  get held(): number {
    return this.#held;
  }
}
