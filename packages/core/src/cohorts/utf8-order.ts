/**
 * The order of snapshots: by UTF-8 bytes, which is the order of code points. JavaScript's own order of strings is by
 * UTF-16 units and puts U+1F600 before U+FF21; a database collation differs again. Neither may ever sort a snapshot.
 */
const surrogate = /[\ud800-\udfff]/;

export function compareUtf8(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above every other unit: they rank last. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** Sorts in place and drops repeated keys. Where no key holds a surrogate both orders agree and the engine's sort is used. */
export function sortKeys(keys: string[]): string[] {
  if (keys.some(key => surrogate.test(key))) keys.sort(compareUtf8);
  else keys.sort();
  return keys.filter((key, index) => index === 0 || key !== keys[index - 1]);
}

/** Order of two UTF-8 texts, given as ranges of bytes. */
export function compareBytes(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const length = Math.min(aEnd - aStart, bEnd - bStart);
  for (let index = 0; index < length; index++) {
    const difference = a[aStart + index]! - b[bStart + index]!;
    if (difference !== 0) return difference;
  }
  return aEnd - aStart - (bEnd - bStart);
}
