import { type CallerHeaders, foreignCaller, isLoopbackName } from '@braze-mixpanel/core/http';
import { isLoopback } from '../config/rules.ts';

/** The detail of the refusal, or `undefined` for a caller on this machine. */
export type LocalOnly = (headers: CallerHeaders) => string | undefined;

/**
 * A check for addresses that take requests without credentials, which they do on a loopback `HOST` only: programs of this machine may
 * call, web pages that reach it through a browser may not. Elsewhere it lets all pass: what is open there is so on purpose.
 */
export function localOnly(listensOn: string): LocalOnly {
  if (!isLoopback(listensOn)) return () => undefined;
  const isOwn = (name: string) => isLoopbackName(name) || name === listensOn;
  return headers => {
    const foreign = foreignCaller(headers, isOwn);
    return foreign && `The header ${foreign.header} is ${JSON.stringify(foreign.value.slice(0, 100))}.`;
  };
}
