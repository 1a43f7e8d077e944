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
 * @param salt 64 hexadecimal digits, of this storage alone
 * @example userDigest(salt, 'customer-4711') // -3190371642283218112n
 */
export const userDigest = (salt: string, externalId: string): bigint =>
  hash('sha256', salt + externalId, 'buffer').readBigInt64BE(0);
