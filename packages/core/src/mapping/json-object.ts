export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Sets an own property of any name. An assignment to `__proto__` would change the prototype and lose the
 * value.
 */
export function setOwn(target: JsonObject, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[name] = value;
  }
}

/**
 * Like `setOwn`, under the first free name of `name`, `name#2`, `name#3`, …, so that two equal keys lose no
 * value.
 */
export function addOwn(target: JsonObject, name: string, value: unknown): void {
  let free = name;
  for (let count = 2; Object.hasOwn(target, free); count++) free = `${name}#${count}`;
  setOwn(target, free, value);
}
