const surrogate = /[\ud800-\udfff]/;

/**
 * Order of two strings by their UTF-8 bytes, which is the order of code points: the order of keys in a run.
 * Negative, zero or positive, for `Array.sort`. JavaScript's own order is by UTF-16 code units and puts
 * U+1F600 before U+FF21; database collations differ again.
 *
 * @example
 * ```ts
 * import { compareUtf8 } from '@braze-mixpanel/core/cohorts';
 *
 * console.log(compareUtf8('\u{1f600}', '\uff21') > 0, '\u{1f600}' > '\uff21'); // true false
 * ```
 */
export function compareUtf8(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Surrogates encode code points above all others: they rank last. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/**
 * Distinct keys in UTF-8 order. Sorts the given array in place. If no key contains a surrogate, both orders
 * agree and the faster sort of the engine is used.
 *
 * @example
 * ```ts
 * import { sortKeys } from '@braze-mixpanel/core/cohorts';
 *
 * console.log(sortKeys(['ebob', 'eada', 'ebob']).join()); // eada,ebob
 * ```
 */
export function sortKeys(keys: string[]): string[] {
  if (keys.some(key => surrogate.test(key))) keys.sort(compareUtf8);
  else keys.sort();
  return keys.filter((key, index) => index === 0 || key !== keys[index - 1]);
}

/**
 * Order of two byte ranges, such as keys in UTF-8. Negative, zero or positive; ends are exclusive.
 *
 * @example
 * ```ts
 * import { compareBytes } from '@braze-mixpanel/core/cohorts';
 *
 * const bytes = new TextEncoder().encode('eadaebob');
 * console.log(compareBytes(bytes, 0, 4, bytes, 4, 8) < 0); // true
 * ```
 */
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
