import type { ControlClient } from '../client/index.ts';

/**
 * Calls every route of `requests` in order with a typed client, and returns the control routes of the running
 * simulator, `GET users`. Streams, which `request` does not offer, are left out. For tests only.
 */
export async function callAll(
  { coverage, request }: ControlClient,
  requests: Readonly<Record<string, object>>,
): Promise<string[]> {
  const any = request as (route: string, parts: object) => Promise<unknown>;
  for (const [route, parts] of Object.entries(requests)) await any(route, parts);
  const routes = (await coverage()).control.map(route => route.replace(' /_sim/', ' '));
  return routes.filter(route => route !== 'GET stream');
}
