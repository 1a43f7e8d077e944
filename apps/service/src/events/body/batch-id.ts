import { createHash } from 'node:crypto';

/**
 * What a batch is called in logs and traces, from its receipt to its import, across processes and restarts: 16 hexadecimal digits of the
 * SHA-256 of its stored body. Nothing has to be kept for it, and a batch that Braze sends again goes by the same id.
 */
export const batchId = (body: Uint8Array): string =>
  createHash('sha256').update(body).digest('hex').slice(0, 16);
