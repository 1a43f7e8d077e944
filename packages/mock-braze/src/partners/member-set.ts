/** A bit set of user numbers: a million members take 125 kB. */
export class MemberSet {
  #words = new Uint32Array(32);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(number: number): boolean {
    return ((this.#words[number >>> 5] ?? 0) & bit(number)) !== 0;
  }

  add(number: number): void {
    if (this.has(number)) return;
    const word = number >>> 5;
    if (word >= this.#words.length) this.#grow(word);
    this.#words[word] = this.#words[word]! | bit(number);
    this.#size += 1;
  }

  delete(number: number): void {
    if (!this.has(number)) return;
    const word = number >>> 5;
    this.#words[word] = this.#words[word]! & ~bit(number);
    this.#size -= 1;
  }

  *[Symbol.iterator](): Generator<number> {
    for (const [index, word] of this.#words.entries()) {
      for (let rest = word; rest !== 0; rest &= rest - 1) yield index * 32 + (31 - Math.clz32(rest & -rest));
    }
  }

  #grow(word: number): void {
    const words = new Uint32Array(Math.max(word + 1, this.#words.length * 2));
    words.set(this.#words);
    this.#words = words;
  }
}

function bit(number: number): number {
  return 1 << (number & 31);
}
