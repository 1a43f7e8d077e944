/** Header that identifies a request as another site's, and its value. */
export interface Foreign {
  readonly header: 'Host' | 'Origin';
  readonly value: string;
}

/** Headers of a request that identify the calling site. */
export interface CallerHeaders {
  readonly host?: string | undefined;
  /** Sent by browsers, not by programs. */
  readonly origin?: string | undefined;
}

/**
 * Header that identifies a request as another site's; `undefined` if the request may be served. For servers
 * on this machine that accept requests without credentials. Accepts any header value and never throws.
 *
 * A web page can call such a server in two ways: with a cross-origin request, in which `Origin` is the page's
 * site, and by DNS rebinding, in which the page's own name resolves to the server's address and `Host` is
 * that name. Therefore:
 *
 * - `Host` must be a name that `isOwn` accepts.
 * - `Origin`, if present, must be the address in `Host`, a loopback address, or one of the `allowed` names.
 *   `null`, which files and sandboxed pages send, is foreign.
 *
 * @param isOwn whether a hostname is the server's own
 * @param allowed hostnames of other sites whose pages may call the server; none by default
 * @example
 * ```ts
 * import { foreignCaller, isLoopbackName } from '@braze-mixpanel/core/http';
 *
 * const headers = { host: 'localhost:4020', origin: 'https://evil.example' };
 * console.log(foreignCaller(headers, isLoopbackName)?.header); // Origin
 * ```
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

/**
 * Whether a hostname always means this machine, without a DNS query: `localhost`, `*.localhost`, `127.*` or
 * `[::1]`.
 *
 * @param hostname as in `URL.hostname`
 * @example
 * ```ts
 * import { isLoopbackName } from '@braze-mixpanel/core/http';
 *
 * console.log(isLoopbackName('127.0.0.1'), isLoopbackName('127.0.0.1.example.com')); // true false
 * ```
 */
export function isLoopbackName(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    (hostname.startsWith('127.') && isAddress(hostname))
  );
}

/**
 * Whether a hostname is an IP address and not a name, so that DNS can't resolve it to another machine.
 *
 * @param hostname as in `URL.hostname`
 * @example
 * ```ts
 * import { isAddress } from '@braze-mixpanel/core/http';
 *
 * console.log(isAddress('[::1]'), isAddress('example.com')); // true false
 * ```
 */
export const isAddress = (hostname: string): boolean =>
  hostname.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(hostname);

/** URL of a name or address, with or without a port; `null` for anything else. */
function addressOf(protocol: string, host: string): URL | null {
  return /[/?#@\\\s]/.test(host) ? null : URL.parse(`${protocol}//${host}`);
}

function siteOf(origin: string): URL | null {
  const url = URL.parse(origin);
  return url !== null && ['http:', 'https:'].includes(url.protocol) ? url : null;
}
