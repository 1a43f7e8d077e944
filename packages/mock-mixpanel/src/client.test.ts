import type { CallableIn, RequestOf } from '@braze-mixpanel/simulator-kit/client';
import { callAll } from '@braze-mixpanel/simulator-kit/testing';
import { expect, expectTypeOf, it } from 'vitest';
import { type MockMixpanelClient, type MockMixpanelRoutes, mockMixpanelClient } from './client.ts';
import { test } from './vitest.ts';

type Requests = {
  readonly [Route in CallableIn<MockMixpanelRoutes>]: RequestOf<Route, MockMixpanelRoutes[Route]>;
};

const members = [{ distinct_id: 'ada', properties: { plan: 'pro' } }, 'grace'];
const list = { params: { id: 12345 } };
const table = { params: { id: '55b4fb2b-e8de-466c-930f-8b36640b9b5e' } };
const deletion = { params: { id: '35bd8477-f71f-4088-af55-c88a6fb4ad4b' } };
const sync = { params: { id: 'sync-1' } };

/** One request of each route, in an order in which each finds what it needs. The types require every route. */
const requests: Requests = {
  'GET health': {},
  'GET state': {},
  'PUT state': { body: { cohorts: [] } },
  'GET requests': { query: { limit: 1 } },
  'GET requests/count': { query: { route: 'import', after: 0 } },
  'GET requests/:sequence': { params: { sequence: 1 } },
  'GET requests.har': { query: { limit: 1 } },
  'POST requests/:sequence/repeat': { params: { sequence: 1 } },
  'POST verify': { body: { count: { min: 0 } } },
  'POST faults': { body: { route: 'import', kind: 'partial', share: 0.5, for: '10m' } },
  'GET faults': {},
  'DELETE faults/:id': { params: { id: 'fault-1' } },
  'DELETE faults': {},
  'GET clock': {},
  'GET clock/timers': {},
  'GET coverage': {},
  'GET openapi.json': {},
  'PUT settings': { body: { pageSize: 10, retryWithin: 0 } },
  'GET settings': {},
  'GET events': { query: { event: 'Email Send', newest: 10, fields: 'distinct_id', joined: true } },
  'GET events/count': {},
  'DELETE events': { query: { keep: 1000 } },
  'PUT cohorts/:id': { ...list, body: { name: 'Buyers', members } },
  'POST cohorts/:id/members': { ...list, body: { add: ['alan'], remove: ['ada'] } },
  'GET cohorts': { query: { members: false } },
  'GET cohorts/:id': list,
  'GET profiles': { query: { distinct_id: 'ada' } },
  'GET groups': { query: { group_key: 'company' } },
  'GET identities': {},
  'POST destinations': { body: { restEndpoint: 'http://127.0.0.1:9/', dataImportKey: 'a key' } },
  'POST destinations/with-key': { body: { dataImportKey: 'braze-data-import-key' } },
  'GET destinations': {},
  'PUT destinations/:id': {
    params: { id: 'destination-1' },
    body: { restEndpoint: 'http://127.0.0.1:9/', dataImportKey: 'a new key' },
  },
  'DELETE destinations/:id': { params: { id: 'destination-1' } },
  'GET data-deletions': {},
  'PUT data-deletions/:id': { ...deletion, body: { distinctIds: ['ada'], status: 'FAILURE' } },
  'PUT lexicon/events/:name': { params: { name: 'Email Send' }, body: { hidden: true } },
  'GET lexicon/events': {},
  'POST drop-filters': { body: { event: 'Email Send', where: [{ property: 'a', equals: 'b' }] } },
  'GET drop-filters': {},
  'DELETE drop-filters/:id': { params: { id: 'filter-1' } },
  'PUT lookup-tables/:id': { ...table, body: { name: 'Campaigns', csv: 'campaign_id,name\nc1,Welcome' } },
  'GET lookup-tables': {},
  'GET lookup-tables/:id': table,
  'GET lookup-tables/:id/rows': table,
  'DELETE lookup-tables/:id': table,
  'POST syncs': {
    body: { cohort: 12345, interval: '1h', destination: { type: 'webhook', url: 'http://127.0.0.1:9/' } },
  },
  // Answers when the first run of the sync has ended.
  'POST clock': { body: { advance: '1m' } },
  'GET syncs': {},
  'GET syncs/:id': sync,
  'POST syncs/:id/run': sync,
  'POST syncs/:id/pause': sync,
  'POST syncs/:id/start': sync,
  'DELETE syncs/:id': sync,
  'DELETE cohorts/:id': list,
  'POST reset': {},
  'POST clock/follow': { body: { follower: 'f', revision: 0, idle: false, worked: false, nextDue: null } },
};

test('the client of mock Mixpanel reaches every control route', async ({ mixpanel }) => {
  const client = mockMixpanelClient(mixpanel.url);
  await fetch(`${mixpanel.url}/import`, { method: 'POST' });
  expect((await callAll(client, requests)).sort()).toEqual(Object.keys(requests).sort());
});

test('the client of mock Mixpanel rejects with the sentence of the simulator', async ({ mixpanel }) => {
  const { request, url } = mockMixpanelClient(mixpanel.url);
  await expect(request('GET cohorts/:id', { params: { id: 'a/b' } })).rejects.toMatchObject({
    status: 400,
    request: `GET ${url}/_sim/cohorts/a%2Fb`,
    message: `GET ${url}/_sim/cohorts/a%2Fb was answered 400: A cohort id must be a positive whole number, not "a/b". For example: /_sim/cohorts/12345`,
  });
});

it('the client of mock Mixpanel has the types of the schemas of its routes', () => {
  type Put = MockMixpanelRoutes['PUT cohorts/:id'];
  expectTypeOf<Put['answer']['count']>().toEqualTypeOf<number>();
  expectTypeOf<Put['request']['body']['description']>().toEqualTypeOf<string | undefined>();
  expectTypeOf<MockMixpanelRoutes['GET events']['answer']['events'][number]>().toEqualTypeOf<{
    event: string;
    properties: Record<string, unknown>;
    lookup?: Record<string, Record<string, unknown>> | undefined;
  }>();
  const wrong = ({ request }: MockMixpanelClient) => [
    // @ts-expect-error: the path has a parameter
    request('GET cohorts/:id'),
    // @ts-expect-error: a member is an ID or has one
    request('PUT cohorts/:id', { params: { id: 1 }, body: { members: [{ plan: 'pro' }] } }),
    // @ts-expect-error: no such filter
    request('GET events', { query: { evnt: 'Email Send' } }),
  ];
  expect(wrong).toBeTypeOf('function');
});
