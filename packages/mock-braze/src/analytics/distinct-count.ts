/** Maximum number of values that are counted exactly; of more, the estimate is off by about 1.6 %. */
export const exactCount = 4_096;

/** Hashes are whole numbers below this. */
const hashRange = 2 ** 53;

/**
 * The number of distinct values, in bounded memory: exact up to `exactCount`, estimated above. It keeps the
 * smallest hashes; the largest of them tells how dense they are ("k minimum values").
 */
export class DistinctCount {
  readonly #smallest: number[];

  /** @param smallest ascending hashes of another one, as `hashes` returned them. */
  constructor(smallest: readonly number[] = []) {
    this.#smallest = [...smallest];
  }

  get size(): number {
    const kept = this.#smallest.length;
    if (kept < exactCount) return kept;
    return Math.round((kept - 1) * (hashRange / (this.#smallest[kept - 1]! + 1)));
  }

  /** Ascending. */
  get hashes(): readonly number[] {
    return this.#smallest;
  }

  /** Whether a value, such as a user, was added; of more than `exactCount` values, it may return false for one that was. */
  has(hash: number): boolean {
    return this.#smallest[this.#placeOf(hash)] === hash;
  }

  add(hash: number): void {
    const full = this.#smallest.length === exactCount;
    if (full && hash > this.#smallest[exactCount - 1]!) return;
    const place = this.#placeOf(hash);
    if (this.#smallest[place] === hash) return;
    if (full) this.#smallest.pop();
    this.#smallest.splice(place, 0, hash);
  }

  /** The index of the first hash that is not smaller. */
  #placeOf(hash: number): number {
    let low = 0;
    let high = this.#smallest.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#smallest[middle]! < hash) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A hash of 53 evenly distributed bits, not for secrets: cyrb53 of bryc (github.com/bryc/code, public domain, 2018). */
export function hashOf(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 2_654_435_761);
    low = Math.imul(low ^ unit, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  return 2 ** 32 * (low & 0x1fffff) + (high >>> 0);
}
