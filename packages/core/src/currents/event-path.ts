/** The keys of a path: separated by dots; a dot or backslash inside of a key is written `\.` or `\\`. At least one. */
export function keysOf(path: string): string[] {
  const keys = [''];
  for (let at = 0; at < path.length; at += 1) {
    const escaped = path[at] === '\\' && at + 1 < path.length;
    if (path[at] === '.') keys.push('');
    else keys.push(`${keys.pop()}${path[escaped ? ++at : at]}`);
  }
  return keys;
}
