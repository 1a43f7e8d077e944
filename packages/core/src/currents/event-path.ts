/**
 * Keys of a path into an event, such as `properties.price`. A dot or backslash within a key is escaped as
 * `\.` or `\\`. The list has at least one key.
 *
 * @example
 * ```ts
 * import { keysOf } from '@braze-mixpanel/core/currents';
 *
 * console.log(keysOf('properties.a\\.b')); // [ 'properties', 'a.b' ]
 * ```
 */
export function keysOf(path: string): string[] {
  const keys = [''];
  for (let at = 0; at < path.length; at += 1) {
    const escaped = path[at] === '\\' && at + 1 < path.length;
    if (path[at] === '.') keys.push('');
    else keys.push(`${keys.pop()}${path[escaped ? ++at : at]}`);
  }
  return keys;
}
