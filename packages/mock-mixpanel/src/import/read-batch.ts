import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { parseJson, type SimRequest } from '@braze-mixpanel/simulator-kit';

const inflate = promisify(gunzip);

/** How the rows of a body are written: one JSON array (or object), or one JSON text a line. */
export type BatchFormat = 'json' | 'ndjson';

/** A body as it came, which is also how it is kept: compressed where the client compressed it. */
export interface Batch {
  readonly body: Uint8Array;
  readonly gzip: boolean;
  readonly format: BatchFormat;
}

export type Unpacked =
  | { readonly kind: 'text'; readonly text: string; readonly bytes: number }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'unreadable'; readonly why: string };

/** Finds out what the headers say about the body; a sentence when it can't be read. */
export function batchOf(request: SimRequest): Batch | string {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding !== 'gzip' && encoding !== 'identity') return `unsupported content encoding '${encoding}'`;
  const type = request.headers['content-type'] ?? '';
  return {
    body: request.body,
    gzip: encoding === 'gzip',
    format: /ndjson/i.test(type) ? 'ndjson' : 'json',
  };
}

/** The text of a body. What unpacks to more than `limit` bytes is given up as soon as that shows. */
export async function unpack({ body, gzip }: Batch, limit = Number.MAX_SAFE_INTEGER): Promise<Unpacked> {
  try {
    const bytes = gzip
      ? await inflate(body, { maxOutputLength: Math.min(limit, 0x1fff_ffff), chunkSize: chunkSizeOf(body) })
      : body;
    if (bytes.length > limit) return { kind: 'too-large' };
    return {
      kind: 'text',
      text: new TextDecoder('utf-8', { fatal: true }).decode(bytes),
      bytes: bytes.length,
    };
  } catch (error) {
    if (hasCode(error, 'ERR_BUFFER_TOO_LARGE')) return { kind: 'too-large' };
    if (hasCode(error, 'ERR_ENCODING_INVALID_ENCODED_DATA'))
      return { kind: 'unreadable', why: 'body is not valid UTF-8' };
    return { kind: 'unreadable', why: 'body is not valid gzip' };
  }
}

const smallestChunk = 16 * 1024;
const largestChunk = 4 * 1024 * 1024;

/**
 * Room for all of it at once where that is no more than 4 MB: piece by piece, each of them a round through another thread, takes a
 * sixth more of the whole import. A gzip body ends with its length once unpacked; one that lies is unpacked all the same.
 */
function chunkSizeOf(body: Uint8Array): number {
  if (body.length < 4) return smallestChunk;
  const unpacked = new DataView(body.buffer, body.byteOffset).getUint32(body.length - 4, true);
  return Math.min(Math.max(unpacked + 1, smallestChunk), largestChunk);
}

/**
 * The rows of a body, or undefined when it is no JSON. A single object is a batch of one; a line of NDJSON that is no JSON is a
 * row of its own (undefined), so that it alone is refused.
 */
export function rowsOf(text: string, format: BatchFormat): unknown[] | undefined {
  if (format === 'ndjson') {
    return text
      .split('\n')
      .filter(line => line.trim() !== '')
      .map(parseJson);
  }
  const value = parseJson(text);
  if (Array.isArray(value)) return value;
  return typeof value === 'object' && value !== null ? [value] : undefined;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
