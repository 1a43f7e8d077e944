import type { Route, SimAnswer, SimRequest } from '../types.ts';

/** A route of a simulator's own control API: `path` stands under `/_sim/`. It meets neither faults nor journal. */
export function controlRoute(
  method: Route['method'],
  path: string,
  handle: (request: SimRequest) => SimAnswer | Promise<SimAnswer>,
): Route {
  return { id: `sim.${method.toLowerCase()} ${path}`, method, path: `/_sim/${path}`, rules: [], handle };
}
