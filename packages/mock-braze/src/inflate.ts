import { gunzipSync } from 'node:zlib';
import type { SimRequest } from '@braze-mixpanel/simulator-kit';

/** Longest text that a compressed body may have, in bytes. */
const most = 64 * 1024 * 1024;

/** The body of a request, decompressed if it is gzip; `undefined` if it is not valid gzip or too long. */
export function inflate({ body, headers }: Pick<SimRequest, 'body' | 'headers'>): Uint8Array | undefined {
  if (!/^\s*(?:x-)?gzip\s*$/i.test(headers['content-encoding'] ?? '')) return body;
  try {
    return body.length === 0 ? body : gunzipSync(body, { maxOutputLength: most });
  } catch {
    return undefined;
  }
}
