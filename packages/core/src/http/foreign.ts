/**
 * Whose request it is, for servers on this machine that take requests without credentials. A page of the web can call such a server through a
 * browser in two ways: it posts across origins, and `Origin` then names the page's site; or its own name is pointed at the server's
 * address (DNS rebinding), and `Host` then names that.
 */

/** The header that names another site, and its value. */
export interface Foreign {
  readonly header: 'Host' | 'Origin';
  readonly value: string;
}

export interface CallerHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
}

/**
 * The header that shows a request to be another site's, or `undefined`. `Host` must be a name for which `isOwn` holds. `Origin`, where there
 * is one, must be the address that `Host` names, a loopback one, or one of the `allowed` names. What is no name (`null`, which files and
 * sandboxed pages send) is foreign. Programs send no `Origin`.
 */
export function foreignCaller(
  { host, origin }: CallerHeaders,
  isOwn: (hostname: string) => boolean,
  allowed: readonly string[] = [],
): Foreign | undefined {
  if (host !== undefined) {
    const own = addressOf('http:', host);
    if (own === null || !isOwn(own.hostname)) return { header: 'Host', value: host };
  }
  if (origin === undefined) return undefined;
  const site = siteOf(origin);
  const welcome =
    site !== null &&
    (isLoopbackName(site.hostname) ||
      allowed.includes(site.hostname) ||
      (host !== undefined && addressOf(site.protocol, host)?.host === site.host));
  return welcome ? undefined : { header: 'Origin', value: origin };
}

/** Whether a hostname, as `URL` writes it, is always this machine: no name server is asked for it. */
export function isLoopbackName(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    (hostname.startsWith('127.') && isAddress(hostname))
  );
}

/** Whether a hostname, as `URL` writes it, is an address and no name: it can't be pointed elsewhere. */
export const isAddress = (hostname: string): boolean =>
  hostname.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(hostname);

/** A name or address with or without a port, and nothing else. */
function addressOf(protocol: string, host: string): URL | null {
  return /[/?#@\\\s]/.test(host) ? null : URL.parse(`${protocol}//${host}`);
}

function siteOf(origin: string): URL | null {
  const url = URL.parse(origin);
  return url !== null && ['http:', 'https:'].includes(url.protocol) ? url : null;
}
