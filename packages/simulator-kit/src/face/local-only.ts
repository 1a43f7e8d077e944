import { isIP } from 'node:net';

/** Names that no page of the public web can have: they are not delegated, or have no dot. */
const privateSuffix = /(^|\.)(localhost|internal|local|test)$/;

/**
 * Whether a name in `Host` or `Origin` is one of this machine, of a private network or of a container. The control API takes no other:
 * a web page whose own name was pointed at 127.0.0.1 (DNS rebinding), or that posts across origins, would else rule the simulator.
 * An address is no name, and can't be rebound.
 */
function isLocalName(name: string): boolean {
  return name !== '' && (isIP(name) !== 0 || !name.includes('.') || privateSuffix.test(name));
}

/** Why a control request with these headers is refused, or `undefined` when it is not. */
export function refusalOfHost(
  headers: Readonly<Record<string, string>>,
  allowed: readonly string[],
): string | undefined {
  const { host, origin } = headers;
  for (const [header, name] of [
    ['Host', host && nameOf(`http://${host}`)],
    ['Origin', origin && nameOf(origin)],
  ] as const) {
    if (name === undefined || name === '') continue;
    if (name !== null && (isLocalName(name) || allowed.includes(name))) continue;
    return (
      `The control API answers on this machine and private networks only, and the header ${header} names ${name ?? 'nobody'}. ` +
      'Use 127.0.0.1 or localhost, or start the simulator with --allow-host and that name.'
    );
  }
  return undefined;
}

/** The host's name without port and brackets; null for what is none (`Origin: null`). */
function nameOf(url: string): string | null {
  const { hostname = null } = URL.parse(url) ?? {};
  return hostname?.replace(/^\[|\]$/g, '') ?? null;
}
