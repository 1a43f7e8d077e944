/**
 * Counts of the most frequent ids in fixed memory: a Misra-Gries summary whose counters are reduced in groups, so
 * that an id costs constant time on average.
 *
 * - A count is never above the true one, and below it by at most `error`.
 * - `error` is at most the number of counted events, divided by `capacity` + 1.
 * - It holds at most twice `capacity` ids.
 * - Merging keeps these bounds, in any order.
 *
 * Sources: Misra and Gries, "Finding repeated elements" (1982); Agarwal et al., "Mergeable Summaries" (2012).
 */
export class HeavyHitters {
  readonly #capacity: number;
  readonly #counts = new Map<string, number>();
  #error = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Maximum by which a count is too low; an id without one may have as many events. */
  get error(): number {
    return this.#error;
  }

  /** @returns whether the id was not counted, at least since the last reduction */
  add(id: string, events = 1): boolean {
    const before = this.#counts.get(id);
    this.#counts.set(id, (before ?? 0) + events);
    if (before === undefined && this.#counts.size > 2 * this.#capacity) this.#reduce();
    return before === undefined;
  }

  merge(other: { readonly error: number; list(): readonly (readonly [string, number])[] }): void {
    this.#error += other.error;
    for (const [id, events] of other.list()) this.add(id, events);
  }

  delete(id: string): void {
    this.#counts.delete(id);
  }

  /** Ids with their counts, highest first. */
  list(): readonly (readonly [string, number])[] {
    return [...this.#counts].sort(([, a], [, b]) => b - a);
  }

  /** Lowers every count by the highest one beyond the capacity, and drops those that reach zero. */
  #reduce(): void {
    const cut = this.list()[this.#capacity]?.[1] ?? 0;
    this.#error += cut;
    for (const [id, events] of this.#counts)
      if (events > cut) this.#counts.set(id, events - cut);
      else this.#counts.delete(id);
  }
}
