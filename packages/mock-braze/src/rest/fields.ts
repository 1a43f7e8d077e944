/** Field checks shared by several routes. */

/** Whether a value is a non-empty string. */
export function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

export function isListOf<Item>(value: unknown, is: (item: unknown) => item is Item): value is Item[] {
  return Array.isArray(value) && value.every(is);
}

export function isString(value: unknown): value is string {
  return typeof value === 'string';
}
