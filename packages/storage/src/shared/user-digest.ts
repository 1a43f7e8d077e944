import { hash } from 'node:crypto';

/**
 * Batches with neighbouring ids share a part of the index of kept bodies, so that the rows of a commit are on few
 * pages: digests are random, and without parts each row would change a page of its own. A look-up searches every
 * part that has a kept batch.
 */
export const BATCHES_PER_PART = 256;

/** The part of a batch in the index of kept bodies. */
export const partOf = (batch: number): number => Math.floor(batch / BATCHES_PER_PART);

/**
 * The first 8 bytes of SHA-256 of the storage's salt and an external ID. Two IDs may share a digest, so a body
 * that the index names must be searched. Half a surrogate pair has the digest of U+FFFD.
 *
 * @param salt 32 hexadecimal digits, of this storage alone; with most IDs they fit into one block of SHA-256
 * @example userDigest(salt, 'customer-4711') // one of 2^64 numbers, signed
 */
export const userDigest = (salt: string, externalId: string): bigint =>
  BigInt.asIntN(64, BigInt(`0x${hash('sha256', salt + externalId, 'hex').slice(0, 16)}`));

/** Parts of one query: a user with an event in every batch has this times {@link BATCHES_PER_PART} rows in them. */
const mostParts = 64;

/**
 * The parts from `first` to `last`, up or down, as spans for one query each. The spans grow: the first ones fill a page
 * of a frequent user, and a rare one needs few queries.
 */
export function* partSpans(first: number, last: number): Generator<{ lowest: number; highest: number }> {
  const step = first <= last ? 1 : -1;
  const parts = Math.abs(last - first) + 1;
  for (let done = 0, size = 1; done < parts; done += size, size = Math.min(2 * size, mostParts)) {
    const [from, to] = [first + step * done, first + step * (Math.min(done + size, parts) - 1)];
    yield { lowest: Math.min(from, to), highest: Math.max(from, to) };
  }
}

/** The first `limit` of two lists of batches without the same one, in the order of a page. */
export function firstOf<Row extends { id: number }>(
  one: readonly Row[],
  other: readonly Row[],
  { limit, isNewestFirst }: { limit: number; isNewestFirst: boolean },
): Row[] {
  const rows = [...one, ...other].sort((a, b) => (isNewestFirst ? b.id - a.id : a.id - b.id));
  return rows.slice(0, limit);
}
