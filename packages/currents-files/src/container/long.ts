/** Number of an Avro `long` and the position behind it; `undefined` if the bytes end before it does. */
export type ReadLong = { readonly value: number; readonly next: number } | undefined;

/** Longest encoding of a 64-bit number. */
const longestEncoding = 10;

/**
 * Reads an Avro `long`: base 128, least significant first, zigzag. A number beyond 2^53 is not exact, which
 * only a damaged file can have where this is used.
 *
 * @see https://avro.apache.org/docs/1.12.0/specification/#primitive-types-1
 */
export function readLong(bytes: Uint8Array, at: number): ReadLong {
  let value = 0;
  let factor = 1;
  for (let next = at; next < at + longestEncoding; next++) {
    const byte = bytes[next];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * factor;
    factor *= 128;
    if ((byte & 0x80) === 0) {
      return { value: value % 2 === 0 ? value / 2 : -(value + 1) / 2, next: next + 1 };
    }
  }
  return { value: Number.NaN, next: at + longestEncoding };
}
