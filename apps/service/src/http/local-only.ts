import { type CallerHeaders, foreignCaller, isLoopbackName } from '@braze-mixpanel/core/http';
import { isLoopback } from '../config/rules.ts';

/** The detail of the refusal, or `undefined` for a caller on this machine. */
export type LocalOnly = (headers: CallerHeaders) => string | undefined;

/**
 * A check for routes without credentials on a loopback `HOST`: programs on this machine may call them, web
 * pages that reach them through a browser may not. On any other `HOST` every caller passes, since such routes
 * are open there on purpose.
 */
export function localOnly(listensOn: string): LocalOnly {
  if (!isLoopback(listensOn)) return () => undefined;
  const isOwn = (name: string) => isLoopbackName(name) || name === listensOn;
  return headers => {
    const foreign = foreignCaller(headers, isOwn);
    return foreign && `The header ${foreign.header} is ${JSON.stringify(foreign.value.slice(0, 100))}.`;
  };
}
