/** Longest target that is shown. */
const keptOfTarget = 200;

/**
 * The target of a redirect, as origin and path: the query and the user of an address may be secrets.
 * `undefined` for any other answer, and for a target that is no address of HTTP.
 *
 * Redirects are never followed; the target tells an operator which address to configure.
 */
export function redirectTarget(
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  from: URL,
): string | undefined {
  const location = headers.get('location');
  if (status < 300 || status > 399 || location === null) return undefined;
  const target = URL.parse(location, from.href);
  if (target === null || !/^https?:$/.test(target.protocol)) return undefined;
  return `${target.origin}${target.pathname}`.slice(0, keptOfTarget);
}
