/**
 * Keeps a test from reaching a real vendor: every connection to a name, that of `fetch`, `http`, `https` and their likes alike, begins
 * with `dns.lookup`, so there it is refused. What msw answers is never looked up.
 */
import dns from 'node:dns';

/** The hosts of Braze and Mixpanel, with everything below them. */
export const vendorHosts: readonly string[] = ['mixpanel.com', 'braze.com', 'braze.eu'];

export interface BlockedVendors extends Disposable {
  /** Hosts that were tried so far, in order. */
  readonly attempts: readonly string[];
  /** Forgets what was tried. @throws when anything was, also where the code under test swallowed the error. */
  check(): void;
  /** Connections are as before. @throws as `check` does. */
  [Symbol.dispose](): void;
}

/** A connection to a real vendor that a test would have made. */
export class VendorBlockedError extends Error {
  override readonly name = 'VendorBlockedError';
  readonly code = 'VENDOR_BLOCKED';
}

/**
 * Refuses connections to real vendors until it is disposed of: `using vendors = blockVendors()`.
 *
 * @param hosts names that are refused, with everything below them.
 */
export function blockVendors(hosts: readonly string[] = vendorHosts): BlockedVendors {
  let attempts: string[] = [];
  const { lookup } = dns;
  const guarded = (...args: unknown[]): unknown => {
    const [name, callback] = [args[0], args.at(-1)];
    const host = typeof name === 'string' ? name.toLowerCase().replace(/\.$/, '') : '';
    if (!hosts.some(vendor => host === vendor || host.endsWith(`.${vendor}`)))
      return Reflect.apply(lookup, dns, args);
    attempts.push(host);
    const error = new VendorBlockedError(sentence([host]));
    if (typeof callback === 'function') process.nextTick(() => callback(error));
    return undefined;
  };
  Object.assign(guarded, lookup);
  dns.lookup = guarded as typeof lookup;
  const check = () => {
    const tried = attempts;
    attempts = [];
    if (tried.length > 0) throw new VendorBlockedError(sentence([...new Set(tried)]));
  };
  return {
    get attempts() {
      return attempts;
    },
    check,
    [Symbol.dispose]() {
      if (dns.lookup === (guarded as typeof lookup)) dns.lookup = lookup;
      check();
    },
  };
}

function sentence(hosts: readonly string[]): string {
  return `This would have reached ${hosts.join(' and ')}, a real vendor. Point the code under test at a simulator: its base URL, or msw handlers for that host.`;
}
