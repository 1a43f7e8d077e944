import { parseJson } from '@braze-mixpanel/simulator-kit';

/** A value of a lookup table: text (timestamps too), a number, a boolean or a list of texts. */
export type LookupValue = string | number | boolean | readonly string[];

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * The value of a field by Mixpanel's types; `undefined` for an empty one. JSON has no timestamps, so these stay text.
 *
 * Source: Mixpanel developer documentation, "Replace a Lookup Table": Types, read 2026-08.
 */
export function typedValue(field: string): LookupValue | undefined {
  if (field === '') return undefined;
  if (/^(?:true|false)$/i.test(field)) return field.toLowerCase() === 'true';
  if (decimal.test(field)) return Number(field);
  const list = field.startsWith('[') ? parseJson(field) : undefined;
  return Array.isArray(list) && list.every(each => typeof each === 'string') ? list : field;
}
