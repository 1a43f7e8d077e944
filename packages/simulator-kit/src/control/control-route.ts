import type * as z from 'zod';
import type { Route, SimAnswer, SimRequest } from '../types.ts';
import { ControlInputError } from './input.ts';

/** Answers one control request. */
export type ControlHandler = (request: SimRequest) => SimAnswer | Promise<SimAnswer>;

/** A route of a simulator's own control API. */
export interface ControlRoute {
  readonly handle: ControlHandler;
  /**
   * The names that its query may have; none by default. Any other is answered with 400: a misspelled filter that is ignored
   * gives a wrong result that looks right.
   */
  readonly query?: readonly string[];
  /** The JSON body that it reads. */
  readonly body?: { readonly schema: z.ZodType; readonly example: unknown };
}

/**
 * Routes of a simulator's own control API by method and path under `/_sim/`. They meet neither faults nor the journal.
 *
 * @example
 * ```ts
 * import { controlRoutes, respond } from '@braze-mixpanel/simulator-kit';
 *
 * const notes = new Map([['shopping', 'milk']]);
 * const routes = controlRoutes({
 *   'GET notes': () => respond(200, [...notes.keys()]),
 *   'GET notes/:name': ({ params: { name = '' } }) => respond(200, notes.get(name)),
 * });
 * console.log(routes.map(({ path }) => path).join(' ')); // /_sim/notes /_sim/notes/:name
 * ```
 */
export function controlRoutes(
  routes: Readonly<Record<`${Route['method']} ${string}`, ControlRoute | ControlHandler>>,
): Route[] {
  return Object.entries(routes).map(([name, route]) => {
    const [method, path] = name.split(' ') as [Route['method'], string];
    const { handle, query = [] } = typeof route === 'function' ? { handle: route } : route;
    return {
      id: `sim.${method.toLowerCase()} ${path}`,
      method,
      path: `/_sim/${path}`,
      rules: [],
      handle: request => {
        requireKnown(request, query);
        return handle(request);
      },
    };
  });
}

function requireKnown({ method, path, query }: SimRequest, known: readonly string[]): void {
  const unknown = [...new Set(query.keys())].filter(name => !known.includes(name));
  if (unknown.length === 0) return;
  const list = known.length === 0 ? 'It takes none.' : `It takes: ${known.join(', ')}.`;
  throw new ControlInputError(
    `${method} ${path} has no query parameter ${unknown.map(name => `"${name}"`).join(', ')}. ${list}`,
  );
}
