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
