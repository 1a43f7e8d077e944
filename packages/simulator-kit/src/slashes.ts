/**
 * A path without leading and trailing slashes. A pattern such as `/\/+$/` takes time quadratic in their
 * number; this is linear.
 */
export function withoutSlashes(path: string): string {
  const trimmed = withoutTrailingSlashes(path);
  let start = 0;
  while (trimmed[start] === '/') start += 1;
  return trimmed.slice(start);
}

/** An address to which a path can be appended. */
export function withoutTrailingSlashes(address: string): string {
  let end = address.length;
  while (address[end - 1] === '/') end -= 1;
  return address.slice(0, end);
}
