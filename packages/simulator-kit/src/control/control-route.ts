import type { Route, SimAnswer, SimRequest } from '../types.ts';
import { ControlInputError } from './input.ts';

/**
 * A route of a simulator's own control API: `path` stands under `/_sim/`. It meets neither faults nor journal.
 *
 * @param parameters the names that its query may have. Any other is answered with 400: a misspelled filter that is
 *   ignored gives a wrong result that looks right.
 */
export function controlRoute(
  method: Route['method'],
  path: string,
  handle: (request: SimRequest) => SimAnswer | Promise<SimAnswer>,
  parameters: readonly string[] = [],
): Route {
  return {
    id: `sim.${method.toLowerCase()} ${path}`,
    method,
    path: `/_sim/${path}`,
    rules: [],
    handle: request => {
      requireKnown(request, parameters);
      return handle(request);
    },
  };
}

function requireKnown({ method, path, query }: SimRequest, known: readonly string[]): void {
  const unknown = [...new Set(query.keys())].filter(name => !known.includes(name));
  if (unknown.length === 0) return;
  const list = known.length === 0 ? 'It takes none.' : `It takes: ${known.join(', ')}.`;
  throw new ControlInputError(
    `${method} ${path} has no query parameter ${unknown.map(name => `"${name}"`).join(', ')}. ${list}`,
  );
}
