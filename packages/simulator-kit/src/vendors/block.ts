/**
 * A guard that keeps tests from reaching a real vendor. Every connection to a host name, by `fetch`, `http`,
 * `https` and similar clients, begins with `dns.lookup`, and the guard makes that fail. Requests that msw
 * answers are never looked up.
 *
 * @module
 */
import dns from 'node:dns';

/** The hosts of Braze and Mixpanel, including subdomains. */
export const vendorHosts: readonly string[] = ['mixpanel.com', 'braze.com', 'braze.eu'];

/** A block of vendor hosts until it is disposed. */
export interface BlockedVendors extends Disposable {
  /** Hosts that were tried so far, in order. */
  readonly attempts: readonly string[];
  /**
   * @throws VendorBlockedError if a vendor was tried since the last check, even if the code under test caught
   * the error.
   */
  check(): void;
  /** Allows connections again. @throws VendorBlockedError as `check` does. */
  [Symbol.dispose](): void;
}

/** A test's attempt to connect to a real vendor. */
export class VendorBlockedError extends Error {
  override readonly name = 'VendorBlockedError';
  readonly code = 'VENDOR_BLOCKED';
}

/**
 * Blocks connections to real vendors until it is disposed: `using vendors = blockVendors()`.
 *
 * @param hosts blocked host names, including subdomains.
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
