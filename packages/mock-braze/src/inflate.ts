import { gunzipSync } from 'node:zlib';
import type { SimRequest } from '@braze-mixpanel/simulator-kit';

/** Longest text that a compressed body may have, in bytes. */
const most = 64 * 1024 * 1024;

/** The rule of compressed bodies, of every route that reads one. */
export const encodingRule =
  'a body with `Content-Encoding: gzip` is decompressed; one in another encoding, or that is not valid gzip, is 400';

/** The body of a request, decompressed if it is gzip, or a message why it cannot be read. */
export function inflate({ body, headers }: Pick<SimRequest, 'body' | 'headers'>): Uint8Array | string {
  const encoding = headers['content-encoding']?.trim() || 'identity';
  if (body.length === 0 || /^identity$/i.test(encoding)) return body;
  if (!/^(?:x-)?gzip$/i.test(encoding))
    return `The content encoding ${JSON.stringify(encoding)} of the request body is not supported`;
  try {
    return gunzipSync(body, { maxOutputLength: most });
  } catch {
    return 'The request body is not valid gzip';
  }
}
