import { constants, unzipSync } from 'node:zlib';
import { redactText } from './redact.ts';

/** Limit of one kept body, in bytes; the rest is dropped. */
const keptBytes = 1024 * 1024;
/** Limit of one body after decompression, in bytes. */
const unpackedBytes = 4 * keptBytes;

/** A copy of the beginning of a body, so that a large buffer can be freed. */
export function keep(body: Uint8Array, most = keptBytes): Uint8Array {
  return body.length > most ? body.slice(0, most) : body;
}

/** A kept body as text, decompressed, with secrets redacted; null if there is none, or it is unreadable. */
export function textOf(body: Uint8Array, headers: Readonly<Record<string, string>>): string | null {
  const plain = plainText(body, headers);
  return plain === null ? null : redactText(plain);
}

/** Whether a text stands in a kept body, secrets excepted. */
export function hasText(body: Uint8Array, headers: Readonly<Record<string, string>>, text: string): boolean {
  const plain = plainText(body, headers);
  // Redacting takes much longer than looking, and most bodies do not have the text.
  return plain?.includes(text) === true && redactText(plain).includes(text);
}

function plainText(body: Uint8Array, headers: Readonly<Record<string, string>>): string | null {
  if (body.length === 0) return null;
  const encoding = headers['content-encoding'];
  const plain = encoding === undefined || encoding === 'identity' ? body : unpacked(body, encoding);
  return plain === null ? null : new TextDecoder().decode(plain);
}

function unpacked(body: Uint8Array, encoding: string): Uint8Array | null {
  if (encoding !== 'gzip' && encoding !== 'deflate') return null;
  try {
    // The flush makes a truncated body readable up to the cut.
    return unzipSync(body, { maxOutputLength: unpackedBytes, finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return null;
  }
}
