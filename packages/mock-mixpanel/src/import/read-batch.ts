import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { joinSurrogates } from '@braze-mixpanel/core/http';
import { parseJson, type SimRequest } from '@braze-mixpanel/simulator-kit';

const inflate = promisify(gunzip);

/** The format of the rows in a body: one JSON array (or object), or one JSON text per line. */
export type BatchFormat = 'json' | 'ndjson';

/** A body as received, which is also how it is stored: compressed if the client compressed it. */
export interface Batch {
  readonly body: Uint8Array;
  readonly gzip: boolean;
  readonly format: BatchFormat;
}

export type Unpacked =
  | { readonly kind: 'text'; readonly text: string; readonly bytes: number }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'unreadable'; readonly why: string };

/** A body with its format according to the headers; an error message if it is not supported. */
export function batchOf(request: SimRequest): Batch | string {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() || 'identity';
  const gzip = encoding === 'gzip' || encoding === 'x-gzip';
  if (!gzip && encoding !== 'identity') return `unsupported content encoding '${encoding}'`;
  const type = request.headers['content-type'] ?? '';
  return {
    body: request.body,
    gzip,
    format: /ndjson/i.test(type) ? 'ndjson' : 'json',
  };
}

/** The batch of rows that are no longer as received. */
export function batchOfRows(rows: readonly unknown[]): Batch {
  return { body: new TextEncoder().encode(JSON.stringify(rows)), gzip: false, format: 'json' };
}

/**
 * The text of a body. Two surrogate halves of three bytes each (CESU-8) are one character. Decompression stops as
 * soon as it exceeds `limit` bytes.
 */
export async function unpack(
  { body, gzip }: Pick<Batch, 'body' | 'gzip'>,
  limit = Number.MAX_SAFE_INTEGER,
): Promise<Unpacked> {
  try {
    const bytes = gzip
      ? await inflate(body, { maxOutputLength: Math.min(limit, 0x1fff_ffff), chunkSize: chunkSizeOf(body) })
      : body;
    if (bytes.length > limit) return { kind: 'too-large' };
    return {
      kind: 'text',
      text: new TextDecoder('utf-8', { fatal: true }).decode(joinSurrogates(bytes)),
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
 * The buffer size for decompression: the whole text if it is at most 4 MB, since chunks, each with a round
 * trip to another thread, add a sixth to the time of the import. A gzip body ends with its uncompressed
 * length; a wrong length is handled as well.
 */
function chunkSizeOf(body: Uint8Array): number {
  if (body.length < 4) return smallestChunk;
  const unpacked = new DataView(body.buffer, body.byteOffset).getUint32(body.length - 4, true);
  return Math.min(Math.max(unpacked + 1, smallestChunk), largestChunk);
}

/**
 * The rows of a body, or `undefined` if it is not JSON. A single object is a batch of one; an NDJSON line
 * that is not JSON is a row of its own (`undefined`), so that only this row is rejected.
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
