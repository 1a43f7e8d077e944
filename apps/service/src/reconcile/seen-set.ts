import { hash } from 'node:crypto';

const smallest = 2 ** 12;
const fullest = 0.7;

/**
 * A set of texts that keeps only 64 bits of a digest of each: 8 bytes a slot, at most `most` slots, so its
 * memory is bounded. Two texts out of a million collide with a chance of one in 37 million.
 */
export class SeenSet {
  readonly #most: number;
  #places = new Uint32Array(2 * smallest);
  #size = 0;

  /** @param most slots, a power of two; seven in ten can be used */
  constructor(most: number) {
    this.#most = most;
  }

  /** `new` the first time, `seen` after that, `full` when there is no slot left. */
  add(text: string): 'new' | 'seen' | 'full' {
    const { high, low } = digestOf(text);
    if (this.#size >= (this.#places.length / 2) * fullest && !this.#grow())
      return this.#find(this.#places, high, low) === undefined ? 'seen' : 'full';
    const place = this.#find(this.#places, high, low);
    if (place === undefined) return 'seen';
    this.#places[place] = high;
    this.#places[place + 1] = low;
    this.#size += 1;
    return 'new';
  }

  /** Empties the set, and keeps its memory for what comes next. */
  clear(): void {
    this.#places.fill(0);
    this.#size = 0;
  }

  has(text: string): boolean {
    const { high, low } = digestOf(text);
    return this.#find(this.#places, high, low) === undefined;
  }

  /** The empty slot for a digest; `undefined` when it is present already. */
  #find(places: Uint32Array, high: number, low: number): number | undefined {
    const mask = places.length / 2 - 1;
    for (let slot = high & mask; ; slot = (slot + 1) & mask) {
      const place = 2 * slot;
      if (places[place + 1] === 0) return place;
      if (places[place] === high && places[place + 1] === low) return undefined;
    }
  }

  #grow(): boolean {
    const before = this.#places;
    if (before.length / 2 >= this.#most) return false;
    const places = new Uint32Array(2 * before.length);
    for (let from = 0; from < before.length; from += 2) {
      const high = before[from]!;
      const low = before[from + 1]!;
      if (low === 0) continue;
      const to = this.#find(places, high, low)!;
      places[to] = high;
      places[to + 1] = low;
    }
    this.#places = places;
    // Otherwise its memory would stay until a garbage collection, which the heap does not need for a long time.
    before.buffer.transfer(0);
    return true;
  }
}

function digestOf(text: string): { high: number; low: number } {
  // A text of bytes takes a third of the time of a buffer.
  const digest = hash('sha256', text, 'binary');
  // A slot whose lower half is zero is empty.
  return { high: wordAt(digest, 0), low: wordAt(digest, 4) || 1 };
}

/** Four bytes as a number. */
const wordAt = (bytes: string, from: number): number =>
  (bytes.charCodeAt(from) |
    (bytes.charCodeAt(from + 1) << 8) |
    (bytes.charCodeAt(from + 2) << 16) |
    (bytes.charCodeAt(from + 3) << 24)) >>>
  0;
