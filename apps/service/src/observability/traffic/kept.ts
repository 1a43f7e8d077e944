/** The newest things of one kind, up to a number of bytes in memory: older ones go. */
export class Kept<T extends { readonly bytes: number }> {
  readonly #limit: number;
  readonly #all: T[] = [];
  readonly #onGone: (gone: T) => void;
  #bytes = 0;

  /** @param onGone called with each that goes */
  constructor(limit: number, onGone: (gone: T) => void = () => {}) {
    this.#limit = limit;
    this.#onGone = onGone;
  }

  add(each: T): void {
    this.#all.push(each);
    this.#bytes += each.bytes;
    while (this.#bytes > this.#limit) this.#drop();
  }

  /** Newest first. */
  list(): readonly T[] {
    return this.#all.toReversed();
  }

  get oldest(): T | undefined {
    return this.#all[0];
  }

  clear(): void {
    while (this.#all.length > 0) this.#drop();
  }

  #drop(): void {
    const gone = this.#all.shift();
    if (gone === undefined) return;
    this.#bytes -= gone.bytes;
    this.#onGone(gone);
  }
}
