import { hash } from 'node:crypto';

/** IDs that are remembered, about 40 bytes each. */
const most = 2 ** 18;

/**
 * The last IDs of events that were not imported, of one connection, by which one that Braze sends again is recognised.
 * Memory is bounded: the oldest is forgotten first. It keeps 52 bits of a digest of each.
 */
export class RecentIds {
  readonly #most: number;
  readonly #digests = new Set<number>();
  /** Follows the set as it changes. A new iterator would pass over every ID that was forgotten, each time. */
  readonly #oldest = this.#digests.values();

  constructor(limit = most) {
    this.#most = limit;
  }

  /** Whether it was not there before. */
  add(id: string): boolean {
    const digest = digestOf(id);
    if (this.#digests.has(digest)) return false;
    if (this.#digests.size >= this.#most) this.#digests.delete(this.#oldest.next().value!);
    this.#digests.add(digest);
    return true;
  }

  remove(id: string): void {
    this.#digests.delete(digestOf(id));
  }
}

const digestOf = (id: string): number => Number.parseInt(hash('sha256', id).slice(0, 13), 16);
