import { type CallerHeaders, foreignCaller, isAddress, isLoopbackName } from '@braze-mixpanel/core/http';

/** Names that no page of the public web can have: they are not delegated. */
const privateSuffix = /\.(internal|local|test)$/;

/**
 * Whether a name in `Host` is one of this machine, of a private network or of a container (which has no dot), or an address, which can't
 * be rebound.
 */
const isLocal = (name: string): boolean =>
  isLoopbackName(name) || isAddress(name) || !name.includes('.') || privateSuffix.test(name);

/** Why a control request with these headers is refused, or `undefined` when it is not. */
export function refusalOfHost(headers: CallerHeaders, allowed: readonly string[]): string | undefined {
  const foreign = foreignCaller(headers, name => isLocal(name) || allowed.includes(name), allowed);
  return (
    foreign &&
    `The control API answers this machine and private networks only, and the header ${foreign.header} is "${foreign.value.slice(0, 100)}". ` +
      'Use 127.0.0.1 or localhost, or start the simulator with --allow-host and that name.'
  );
}
