import { createHash } from 'node:crypto';

/**
 * The ID of a batch in logs and traces, the same from receipt to import, across processes and restarts: 16
 * hexadecimal digits of the SHA-256 of its stored body. It needs no storage, and a batch that Braze sends
 * again gets the same ID.
 */
export const batchId = (body: Uint8Array): string =>
  createHash('sha256').update(body).digest('hex').slice(0, 16);
