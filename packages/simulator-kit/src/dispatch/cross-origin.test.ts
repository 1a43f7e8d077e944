import { expect, it } from 'vitest';
import { respond } from '../answer.ts';
import { simulatorOf } from '../testing/simulator-of.ts';
import type { Route } from '../types.ts';

const origin = 'https://shop.example';
const route = (path: string, more: Partial<Route> = {}): Route => ({
  id: path.slice(1),
  method: 'POST',
  path,
  rules: [],
  handle: () => respond(200, 'taken'),
  ...more,
});
const open = { crossOrigin: { headers: ['x-requested-with'] } };
const simulator = simulatorOf({ routes: [route('/open', open), route('/closed')] });

async function headersOf(method: string, path: string, headers: Record<string, string> = { origin }) {
  const query = new URLSearchParams();
  const readBody = async () => new Uint8Array();
  const answer = await simulator.dispatch({ method, path, query, headers, readBody });
  return 'headers' in answer ? (answer.headers ?? {}) : {};
}
const preflight = { origin, 'access-control-request-method': 'POST' };

it('a page of any origin may read the answer of a route that allows it, with credentials', async () => {
  expect(await headersOf('POST', '/open')).toMatchObject({
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    vary: 'Origin',
  });
});

it('a preflight names the methods and the request headers of the route', async () => {
  expect(await headersOf('OPTIONS', '/open/', preflight)).toMatchObject({
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'POST, OPTIONS',
    'access-control-allow-headers': 'x-requested-with',
  });
});

it('the answer of a fault is readable too', async () => {
  simulator.faults.add({ route: 'open', kind: 'status', status: 503, times: 1 });
  expect(await headersOf('POST', '/open')).toMatchObject({ 'access-control-allow-origin': origin });
});

it.each([
  ['a request of no page', 'POST', '/open', {}],
  ['a route that does not allow it', 'POST', '/closed', { origin }],
  ['a preflight of such a route', 'OPTIONS', '/closed', preflight],
  ['an unknown path', 'POST', '/elsewhere', { origin }],
  ['the control API', 'GET', '/_sim/requests', { origin }],
  ['a preflight of the control API', 'OPTIONS', '/_sim/reset', preflight],
])('%s gets no such headers', async (_, method, path, headers) => {
  const names = Object.keys(await headersOf(method, path, headers));
  expect(names.filter(name => name.startsWith('access-control'))).toEqual([]);
});
