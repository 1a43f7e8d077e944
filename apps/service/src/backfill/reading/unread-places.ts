import { z } from 'zod';

/** Places that are kept of a file; further ones extend the last. */
const mostPlaces = 100;

const placesSchema = z.array(z.tuple([z.int(), z.int()]));

/**
 * Places of a file that could not be read, in order: positions in bytes, the second one behind the place. What is
 * in between was read, so that a file that is tried again gives no event twice.
 */
export class UnreadPlaces {
  readonly #places: [from: number, until: number][];

  /** @param text of {@link text} */
  constructor(text = '') {
    this.#places = text === '' ? [] : placesSchema.parse(JSON.parse(text));
  }

  get places(): readonly (readonly [from: number, until: number])[] {
    return this.#places;
  }

  get isEmpty(): boolean {
    return this.#places.length === 0;
  }

  /** Position of the first place; 0 if there is none. */
  get start(): number {
    return this.#places[0]?.[0] ?? 0;
  }

  /** Position behind the last place; 0 if there is none. */
  get end(): number {
    return this.#places.at(-1)?.[1] ?? 0;
  }

  /** What of a stretch of the file is in these places. */
  within(from: number, until: number): UnreadPlaces {
    const all = new UnreadPlaces();
    for (const [start, end] of this.#places)
      if (start < until && from < end) all.add(Math.max(start, from), Math.min(end, until));
    return all;
  }

  /** Adds a place behind the others. Of more than 100, the last one has what is in between, too. */
  add(from: number, until: number): void {
    const last = this.#places.at(-1);
    if (last !== undefined && this.#places.length >= mostPlaces) last[1] = until;
    else this.#places.push([from, until]);
  }

  /** Adds places that are behind the others. */
  addAll({ places }: Pick<UnreadPlaces, 'places'>): void {
    for (const [from, until] of places) this.add(from, until);
  }

  /** JSON text, empty without places. */
  get text(): string {
    return this.isEmpty ? '' : JSON.stringify(this.#places);
  }
}
