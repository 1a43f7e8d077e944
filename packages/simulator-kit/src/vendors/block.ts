/**
 * Keeps a test from reaching a real vendor. Every connection to a name, by `fetch`, `http`, `https` and the like, begins with
 * `dns.lookup`, so there it is refused. What msw answers is never looked up.
 *
 * @module
 */
import dns from 'node:dns';

/** The hosts of Braze and Mixpanel, with everything below them. */
export const vendorHosts: readonly string[] = ['mixpanel.com', 'braze.com', 'braze.eu'];

/** Vendors that can't be reached until this is disposed of. */
export interface BlockedVendors extends Disposable {
  /** Hosts that were tried so far, in order. */
  readonly attempts: readonly string[];
  /** @throws VendorBlockedError when a vendor was tried since the last check, also where the code under test caught the error. */
  check(): void;
  /** Allows connections again. @throws VendorBlockedError as `check` does. */
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
    const error = new VendorBlockedError(messageFor([host]));
    if (typeof callback === 'function') process.nextTick(() => callback(error));
    return undefined;
  };
  Object.assign(guarded, lookup);
  dns.lookup = guarded as typeof lookup;
  const check = () => {
    const tried = attempts;
    attempts = [];
    if (tried.length > 0) throw new VendorBlockedError(messageFor([...new Set(tried)]));
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

function messageFor(hosts: readonly string[]): string {
  return `This would have reached ${hosts.join(' and ')}, a real vendor. Point the code under test at a simulator: its base URL, or msw handlers for that host.`;
}
