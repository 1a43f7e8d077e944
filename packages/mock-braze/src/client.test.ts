import type { CallableIn, RequestOf } from '@braze-mixpanel/simulator-kit/client';
import { callAll } from '@braze-mixpanel/simulator-kit/testing';
import { expect, expectTypeOf, it } from 'vitest';
import { type MockBrazeClient, type MockBrazeRoutes, mockBrazeClient } from './client.ts';
import type { State } from './state.ts';
import { test } from './vitest.ts';

type Requests = { readonly [Route in CallableIn<MockBrazeRoutes>]: RequestOf<Route, MockBrazeRoutes[Route]> };

const current = { kind: 'custom-http', endpoint: 'http://127.0.0.1:9/currents' } as const;
const filter = { type: 'custom_attribute', name: 'vip', operator: 'is_true' } as const;
const state: State = {
  cohorts: [{ cohort_id: '7', name: 'Seven', created_at: '2026-01-01T00:00:00Z', members: [] }],
};
const first = { params: { id: 'current-1' } };

/** An event of a Canvas step. */
const entered = {
  event_type: 'users.canvasstep.Progression',
  properties: { canvas_id: 'welcome', canvas_step_id: 'day-1' },
};

/** One request of each route, in an order in which each finds what it needs. The types require every route. */
const requests: Requests = {
  'GET health': {},
  'GET state': {},
  'PUT state': { body: state },
  'GET requests': { query: { limit: 1 } },
  'GET requests/count': { query: { verdict: 'accepted', after: 0 } },
  'GET requests/:sequence': { params: { sequence: 1 } },
  'GET requests.har': { query: { limit: 1 } },
  'POST requests/:sequence/repeat': { params: { sequence: 1 } },
  'POST verify': { body: { count: { min: 0 } } },
  'POST faults': { body: { route: '*', kind: 'latency', milliseconds: 0 } },
  'GET faults': {},
  'DELETE faults/:id': { params: { id: 'fault-1' } },
  'DELETE faults': {},
  'GET clock': {},
  'GET clock/timers': {},
  'POST clock': { body: { freeze: true } },
  'GET coverage': {},
  'GET openapi.json': {},
  'PUT settings': { body: { flushInterval: '30s', rateLimits: ['users-track'] } },
  'GET settings': {},
  'POST users': { body: { users: [{ external_id: 'ada', attributes: { vip: true } }] } },
  'GET users': { query: { external_id: 'ada', limit: 10 } },
  'POST currents': { body: current },
  'GET currents': {},
  'GET currents/:id': first,
  'PUT currents/:id': { ...first, body: { token: 'new-token', overlap: '10m' } },
  'POST currents/:id/launch': first,
  'POST currents/:id/test': first,
  'GET deliveries': { query: { limit: 1 } },
  'GET deliveries/accepted': {},
  'GET deliveries/:id': { params: { id: '1' } },
  'POST currents/:id/pause': first,
  'DELETE currents/:id': first,
  'POST emit': { body: { events: [entered], flush: false } },
  'PUT campaigns/:id': { params: { id: 'spring' }, body: { name: 'Spring sale', lagName: 'null' } },
  'GET campaigns': {},
  'DELETE campaigns/:id': { params: { id: 'spring' } },
  'PUT canvases/:id': { params: { id: 'onboarding' }, body: { tags: ['new users'] } },
  'GET canvases': {},
  'DELETE canvases/:id/steps/:step': { params: { id: 'welcome', step: 'day-1' } },
  'DELETE canvases/:id': { params: { id: 'onboarding' } },
  'POST segments': { body: { name: 'VIPs', filter } },
  'GET segments': {},
  'GET segments/:id': { params: { id: 'segment-1' } },
  'GET segments/:id/members': { params: { id: 'segment-1' } },
  'GET segments/:id/sizes': { params: { id: 'segment-1' } },
  'POST segments/preview': { body: { filter } },
  'DELETE segments/:id': { params: { id: 'segment-1' } },
  'DELETE users/:id': { params: { id: 'ada' } },
  'GET cohorts': {},
  'GET cohorts/:id': { params: { id: 7 } },
  'POST data-import-keys': { body: { key: 'a key' } },
  'GET data-import-keys': {},
  'DELETE data-import-keys/:id': { params: { id: 'a key' } },
  'POST rest-keys': { body: { key: 'rest/key', permissions: ['users.track'] } },
  'GET rest-keys': {},
  'DELETE rest-keys/:key': { params: { key: 'rest/key' } },
  'POST workspaces': { body: { name: 'brand-b' } },
  'GET workspaces': {},
  'DELETE workspaces/:name': { params: { name: 'brand-b' } },
  'POST reset': {},
  'POST clock/follow': { body: { follower: 'f', revision: 0, idle: false, worked: false, nextDue: null } },
};

test('the client of mock Braze reaches every control route', async ({ braze }) => {
  const client = mockBrazeClient(braze.url);
  await fetch(`${braze.url}/users/track`, { method: 'POST' });
  expect((await callAll(client, requests)).sort()).toEqual(Object.keys(requests).sort());
});

test('the client of mock Braze says why there are no storage Currents without a storage folder', async ({
  braze,
}) => {
  const body = { kind: 'storage', layout: 'schema-id', faults: { late: 0.5, lateBy: '2h' } } as const;
  const request = mockBrazeClient(braze.url).request('POST currents', { body });
  await expect(request).rejects.toThrow(/--storage-dir/);
});

test('the client of mock Braze uses another workspace by its header', async ({ braze }) => {
  const main = mockBrazeClient(braze.url);
  await main.request('POST workspaces', { body: { name: 'brand-b' } });
  const brand = mockBrazeClient(braze.url, { headers: { 'X-Workspace': 'brand-b' } });
  await brand.request('POST users', { body: { generate: { count: 2 } } });
  expect(await main.request('GET users')).toEqual([]);
  expect((await brand.request('GET users')).map(({ external_id }) => external_id)).toEqual([
    'user-1',
    'user-2',
  ]);
});

it('the client of mock Braze has the types of the schemas of its routes', () => {
  type Emit = MockBrazeRoutes['POST emit'];
  expectTypeOf<Emit['answer']['attempts'][number]['status']>().toEqualTypeOf<number | undefined>();
  expectTypeOf<Emit['request']['body']['flush']>().toEqualTypeOf<boolean | undefined>();
  expectTypeOf<MockBrazeRoutes['GET currents/:id']['answer']['state']>().toEqualTypeOf<
    'draft' | 'launched' | 'paused' | 'disabled'
  >();
  expectTypeOf<MockBrazeRoutes['GET settings']['answer']['flushInterval']>().toEqualTypeOf<number>();
  const wrong = ({ request }: MockBrazeClient) => [
    // @ts-expect-error: no such route
    request('GET current'),
    // @ts-expect-error: a stream has no JSON
    request('GET stream'),
    // @ts-expect-error: the path has a parameter
    request('GET currents/:id'),
    // @ts-expect-error: the body is required
    request('POST emit'),
    // @ts-expect-error: a count is a number
    request('POST emit', { body: { generate: { count: '3' } } }),
    // @ts-expect-error: no such filter
    request('GET users', { query: { externalId: 'ada' } }),
  ];
  expect(wrong).toBeTypeOf('function');
});
