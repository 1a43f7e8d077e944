import { type CallerHeaders, foreignCaller, isAddress, isLoopbackName } from '@braze-mixpanel/core/http';

/** Top-level domains that are not delegated, so no page of the public web can have such a name. */
const privateSuffix = /\.(internal|local|test)$/;

/**
 * Whether a name in `Host` belongs to this machine, a private network or a container (which has no dot), or
 * is an IP address, which can't be rebound.
 */
const isLocal = (name: string): boolean =>
  isLoopbackName(name) || isAddress(name) || !name.includes('.') || privateSuffix.test(name);

/** The reason for rejecting a control request with these headers; `undefined` if it is allowed. */
export function refusalOfHost(headers: CallerHeaders, allowed: readonly string[]): string | undefined {
  const foreign = foreignCaller(headers, name => isLocal(name) || allowed.includes(name), allowed);
  return (
    foreign &&
    `The control API answers this machine and private networks only, and the header ${foreign.header} is "${foreign.value.slice(0, 100)}". ` +
      'Use 127.0.0.1 or localhost, or start the simulator with --allow-host and that name.'
  );
}
