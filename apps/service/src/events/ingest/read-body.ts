import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import type { CodeOf } from '../../errors/catalogue.ts';
import type { MemoryBound } from './memory-bound.ts';

export type Body =
  /** `release` frees the reserved memory; call it once the bytes are stored or no longer needed. */
  | { kind: 'read'; bytes: Uint8Array; release: () => void }
  | { kind: 'refused'; code: CodeOf<'ingest'> }
  /** The client disconnected: there is no answer. */
  | { kind: 'aborted' };

/**
 * Bytes of memory of a request beside its body, from the socket to the commit. Without them the limit would
 * admit any number of tiny bodies at once.
 */
export const requestCost = 32 * 1024;

/**
 * Reads a request's body, decompressed, in bounded memory: at most `limit` bytes for one request, counted
 * after decompression, and at most `bound` for all requests together. The rest of a refused body is read and
 * discarded, so that the client gets the answer instead of a broken connection.
 */
export function readBody(request: IncomingMessage, limit: number, bound: MemoryBound): Promise<Body> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limit) return Promise.resolve({ kind: 'refused', code: 'body_too_large' });
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() || 'identity';
  const decoder = decoders[encoding]?.();
  if (decoder === undefined) return Promise.resolve({ kind: 'refused', code: 'encoding_unknown' });

  if (!bound.reserve(requestCost)) {
    request.resume();
    return Promise.resolve({ kind: 'refused', code: 'too_busy' });
  }
  return new Promise(resolve => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    const source = decoder === 'none' ? request : request.pipe(decoder);
    const release = () => bound.release(size + requestCost);

    let settled = false;
    const stop = (body: Body) => {
      if (settled) return;
      settled = true;
      source.off('data', collect);
      if (decoder !== 'none') request.unpipe(decoder);
      request.resume();
      if (body.kind !== 'read') release();
      resolve(body);
    };
    const collect = (chunk: Uint8Array) => {
      if (size + chunk.length > limit) return stop({ kind: 'refused', code: 'body_too_large' });
      if (!bound.reserve(chunk.length)) return stop({ kind: 'refused', code: 'too_busy' });
      size += chunk.length;
      chunks.push(chunk);
    };
    source.on('data', collect);
    source.once('end', () => stop({ kind: 'read', bytes: Buffer.concat(chunks, size), release }));
    // A credential check without a body may announce an encoding all the same: nothing is decoded then.
    let isEmpty = true;
    if (decoder !== 'none') {
      request.once('data', () => {
        isEmpty = false;
      });
      request.once('end', () => isEmpty && stop({ kind: 'read', bytes: new Uint8Array(), release }));
    }
    if (decoder !== 'none') decoder.on('error', () => stop({ kind: 'refused', code: 'body_not_decodable' }));
    request.once('close', () => request.complete || stop({ kind: 'aborted' }));
    request.on('error', () => stop({ kind: 'aborted' }));
  });
}

const decoders: Readonly<Record<string, () => Transform | 'none'>> = Object.assign(Object.create(null), {
  identity: () => 'none',
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
});
