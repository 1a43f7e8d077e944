import { constants, unzipSync } from 'node:zlib';
import { redactText } from './redact.ts';

/** Of one body; what is longer is kept to here. */
const keptBytes = 1024 * 1024;
/** A compressed body is unpacked to here at most. */
const unpackedBytes = 4 * keptBytes;

/** The beginning of a body as it came, in memory of its own: the rest of a large buffer is freed. */
export function keep(body: Uint8Array): Uint8Array {
  return body.length > keptBytes ? body.slice(0, keptBytes) : body;
}

/** A kept body as text, unpacked and without secrets; null where there is none, or none that can be read. */
export function textOf(body: Uint8Array, headers: Readonly<Record<string, string>>): string | null {
  if (body.length === 0) return null;
  const encoding = headers['content-encoding'];
  const plain = encoding === undefined || encoding === 'identity' ? body : unpacked(body, encoding);
  return plain === null ? null : redactText(new TextDecoder().decode(plain));
}

function unpacked(body: Uint8Array, encoding: string): Uint8Array | null {
  if (encoding !== 'gzip' && encoding !== 'deflate') return null;
  try {
    // The flush lets a body that was kept in part be read that far.
    return unzipSync(body, { maxOutputLength: unpackedBytes, finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return null;
  }
}
