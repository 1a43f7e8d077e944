/**
 * A random sample of different ids in fixed memory: those with the smallest hashes. Each id has the same chance, however
 * many events it has, and samples of several processes merge into the sample of all their ids.
 *
 * Source: Cohen and Kaplan, "Summarizing data using bottom-k sketches" (2007).
 */
export class IdSample {
  readonly #size: number;
  readonly #seed: number;
  readonly #hashes = new Map<string, number>();
  /** Hashes above it are not in the sample. */
  #highest = 2 ** 32;

  /** @param seed another one gives another sample, of a new day for example */
  constructor(size: number, seed: number) {
    this.#size = size;
    this.#seed = seed;
  }

  add(id: string): void {
    const hash = hashOf(id, this.#seed);
    if (hash > this.#highest) return;
    this.#hashes.set(id, hash);
    if (this.#hashes.size > 2 * this.#size) this.#trim();
  }

  delete(id: string): void {
    this.#hashes.delete(id);
  }

  list(): string[] {
    this.#trim();
    return [...this.#hashes.keys()];
  }

  /** Estimated number of different ids; exact while all of them fit. */
  get distinct(): number {
    this.#trim();
    if (this.#hashes.size < this.#size) return this.#hashes.size;
    return Math.round(((this.#size - 1) * 2 ** 32) / Math.max(1, this.#highest));
  }

  #trim(): void {
    if (this.#hashes.size < this.#size) return;
    const sorted = [...this.#hashes].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
    this.#hashes.clear();
    for (const [id, hash] of sorted.slice(0, this.#size)) this.#hashes.set(id, hash);
    this.#highest = sorted[this.#size - 1]?.[1] ?? this.#highest;
  }
}

/** FNV-1a over the code units, mixed as MurmurHash3 ends: 32 bits. */
function hashOf(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
