import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMockBraze } from '@braze-mixpanel/mock-braze';
import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { call, controlClient } from '@braze-mixpanel/simulator-kit/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCheck, type Document, operationsOf, stepsUnder, undeclared } from './check-answer.ts';
import { lint } from './lint.ts';

const step = stepsUnder('/_sim');

const member = { distinct_id: 'ada', properties: { plan: 'pro' } };
const destination = { type: 'webhook', url: 'http://127.0.0.1:9/cohorts' };
const connection = { restEndpoint: 'http://127.0.0.1:9', dataImportKey: 'key' };
const entered = { event_type: 'users.canvas.Entry', properties: { canvas_id: 'k', canvas_step_id: 's' } };
const current = { kind: 'custom-http', endpoint: 'http://127.0.0.1:9/currents' };
const table = { name: 'Campaigns', properties: ['campaign_id'], csv: 'id,name\nc1,Welcome' };
const uuid = '55b4fb2b-e8de-466c-930f-8b36640b9b5e';
const filter = { type: 'custom_attribute', name: 'vip', operator: 'is_true' };

/** Every operation of every simulator, ordered so that each finds its prerequisites. */
const shared = [
  step('GET /health 200'),
  step('GET /openapi.json 200'),
  step('GET /coverage 200'),
  step('GET /clock 200'),
  step('GET /clock?x=1 400'),
  step('POST /clock 200', { freeze: true }),
  step('POST /clock 200', { advance: '1m' }),
  step('POST /clock 400', { advance: 'soon' }),
  step('POST /clock/follow 200', { follower: 'f', revision: 0, idle: false }),
  step('POST /clock/follow 400', {}),
  step('GET /clock/timers 200'),
  step('GET /clock/timers?x=1 400'),
  step('GET /faults 200'),
  step('POST /faults 400', { kind: 'none' }),
  step('POST /faults 201', { route: '*', kind: 'status', status: 503, times: 1, for: '10m', seed: 7 }),
  step('POST /faults 201', { route: '*', kind: 'latency', milliseconds: 0 }),
  step('GET /faults 200'),
  step('DELETE /faults/fault-1 200 /faults/{id}'),
  step('DELETE /faults/fault-9 404 /faults/{id}'),
  step('DELETE /faults 200'),
  step('GET /requests?limit=1 200'),
  step('GET /requests?limit=x 400'),
  step('GET /requests/count 200'),
  step('GET /requests/1 200 /requests/{sequence}'),
  step('GET /requests/9 404 /requests/{sequence}'),
  step('GET /requests.har?limit=1 200'),
  step('GET /requests.har?limit=x 400'),
  step('GET /stream 200'),
  step('POST /verify 200', { count: 1 }),
  step('POST /verify 409', { path: '/elsewhere' }),
  step('POST /verify 400', { count: -1 }),
  step('POST /requests/1/repeat 200 /requests/{sequence}/repeat'),
  step('POST /requests/99/repeat 404 /requests/{sequence}/repeat'),
  step('GET /settings 200'),
  step('PUT /settings 200', { rateLimits: true }),
  step('PUT /settings 400', { rateLimits: 'x' }),
  step('GET /state 200'),
  step('PUT /state 200', { cohorts: [] }),
  step('PUT /state 400', {}),
  step('POST /reset 400', { only: 'faults' }),
  step('POST /reset 200'),
];

const braze = [
  step('POST /users 201', { external_id: 'ada', attributes: { vip: true } }),
  step('POST /users 201', { generate: { count: 3, anonymous: 1 } }),
  step('POST /users 400', { generate: 1 }),
  step('GET /users 200'),
  step('GET /users?offset=x 400'),
  step('POST /segments 201', { name: 'VIPs', filter }),
  step('POST /segments 400', {}),
  step('GET /segments 200'),
  step('GET /segments/segment-1 200 /segments/{id}'),
  step('GET /segments/none 404 /segments/{id}'),
  step('GET /segments/segment-1/members 200 /segments/{id}/members'),
  step('GET /segments/segment-1/sizes 200 /segments/{id}/sizes'),
  step('GET /segments/none/sizes 404 /segments/{id}/sizes'),
  step('POST /segments/preview 200', { filter }),
  step('POST /segments/preview 400', { filter: {} }),
  step('DELETE /segments/segment-1 200 /segments/{id}'),
  step('DELETE /segments/segment-1 404 /segments/{id}'),
  step('DELETE /users/ada 200 /users/{id}'),
  step('DELETE /users/ada 404 /users/{id}'),
  step('PUT /state 200', {
    cohorts: [{ cohort_id: '1', name: 'One', created_at: '2026-01-01', members: [] }],
  }),
  step('GET /cohorts 200'),
  step('GET /cohorts/1 200 /cohorts/{id}'),
  step('GET /cohorts/2 404 /cohorts/{id}'),
  step('GET /data-import-keys 200'),
  step('POST /data-import-keys 201', {}),
  step('DELETE /data-import-keys/key-1 200 /data-import-keys/{id}'),
  step('DELETE /data-import-keys/none 404 /data-import-keys/{id}'),
  step('GET /rest-keys 200'),
  step('POST /rest-keys 201', { key: 'k' }),
  step('POST /rest-keys 400', { key: ' ' }),
  step('DELETE /rest-keys/k 200 /rest-keys/{key}'),
  step('DELETE /rest-keys/k 404 /rest-keys/{key}'),
  step('POST /workspaces 201', { name: 'b' }),
  step('POST /workspaces 409', { name: 'b' }),
  step('GET /workspaces 200'),
  step('DELETE /workspaces/main 409 /workspaces/{name}'),
  step('DELETE /workspaces/b 200 /workspaces/{name}'),
  step('POST /users 201', { external_id: 'ada' }),
  step('POST /currents 201', current),
  step('POST /currents 409', { ...current, launch: true, probe: true }),
  step('POST /currents 400', { kind: 'x' }),
  step('POST /currents 201', { kind: 'storage', launch: true }),
  step('POST /currents 409', { kind: 'storage', folder: 'no-folder', launch: true, probe: true }),
  step('GET /currents 200'),
  step('GET /currents/current-1 200 /currents/{id}'),
  step('GET /currents/current-3 200 /currents/{id}'),
  step('PUT /currents/current-1 200 /currents/{id}', { token: 'new', overlap: '10m' }),
  step('POST /currents/current-1/pause 409 /currents/{id}/pause'),
  step('POST /currents/current-1/launch 200 /currents/{id}/launch'),
  step('POST /currents/current-1/launch 409 /currents/{id}/launch', { probe: true }),
  step('POST /currents/current-1/test 200 /currents/{id}/test'),
  step('POST /emit 200', { generate: { count: 2 } }),
  step('POST /emit 400', {}),
  step('POST /emit 200', { events: [entered] }),
  step('GET /deliveries 200'),
  step('GET /deliveries?event=x&limit=1 200'),
  step('GET /deliveries?limit=x 400'),
  step('GET /deliveries/accepted 200'),
  step('GET /deliveries/1 200 /deliveries/{id}'),
  step('GET /deliveries/x 404 /deliveries/{id}'),
  step('PUT /campaigns/c 200 /campaigns/{id}', { name: 'C', lagName: 'null' }),
  step('PUT /campaigns/c 400 /campaigns/{id}', { lagName: 'none' }),
  step('GET /campaigns 200'),
  step('DELETE /campaigns/c 200 /campaigns/{id}'),
  step('DELETE /campaigns/c 404 /campaigns/{id}'),
  step('PUT /canvases/k 200 /canvases/{id}', { tags: ['t'] }),
  step('PUT /canvases/k 400 /canvases/{id}', { is_api_campaign: true }),
  step('GET /canvases 200'),
  step('DELETE /canvases/k/steps/s 200 /canvases/{id}/steps/{step}'),
  step('DELETE /canvases/k/steps/none 404 /canvases/{id}/steps/{step}'),
  step('DELETE /canvases/k 200 /canvases/{id}'),
  step('DELETE /canvases/k 404 /canvases/{id}'),
  step('GET /currents/current-1 200 /currents/{id}'),
  step('POST /currents/current-1/pause 200 /currents/{id}/pause'),
  step('DELETE /currents/current-1 200 /currents/{id}'),
  step('DELETE /currents/current-1 404 /currents/{id}'),
];

const mixpanel = [
  step('GET /events 200'),
  step('GET /events?newest=x 400'),
  step('GET /events/count 200'),
  step('DELETE /events?keep=1000 200'),
  step('DELETE /events?keep=all 400'),
  step('PUT /cohorts/1 200 /cohorts/{id}', { members: [member] }),
  step('PUT /cohorts/2 200 /cohorts/{id}', { rule: { did: [{ event: 'Open', within: '30d' }] } }),
  step('PUT /cohorts/x 400 /cohorts/{id}', {}),
  step('POST /cohorts/1/members 200 /cohorts/{id}/members', { add: ['grace'] }),
  step('POST /cohorts/9/members 404 /cohorts/{id}/members', { add: [] }),
  step('GET /cohorts 200'),
  step('GET /cohorts/1 200 /cohorts/{id}'),
  step('GET /cohorts/1?members=false 200 /cohorts/{id}'),
  step('GET /cohorts/9 404 /cohorts/{id}'),
  step('GET /profiles 200'),
  step('GET /profiles?distinct_id=ada 200'),
  step('GET /groups 200'),
  step('GET /identities 200'),
  step('GET /data-deletions 200'),
  step(`PUT /data-deletions/${uuid} 200 /data-deletions/{id}`, {
    ...{ distinctIds: ['ada'], status: 'FAILURE' },
  }),
  step(`PUT /data-deletions/${uuid} 400 /data-deletions/{id}`, { status: 'DONE' }),
  step('PUT /data-deletions/none 404 /data-deletions/{id}', { status: 'SUCCESS' }),
  step('PUT /lexicon/events/Open 200 /lexicon/events/{name}', { hidden: true }),
  step('PUT /lexicon/events/Open 400 /lexicon/events/{name}', { hidden: 1 }),
  step('GET /lexicon/events 200'),
  step('POST /drop-filters 201', { event: 'Open', where: [{ property: 'plan', equals: ['free'] }] }),
  step('POST /drop-filters 400', { event: 'Open', where: [] }),
  step('GET /drop-filters 200'),
  step('DELETE /drop-filters/filter-1 200 /drop-filters/{id}'),
  step('DELETE /drop-filters/filter-1 404 /drop-filters/{id}'),
  step(`PUT /lookup-tables/${uuid} 200 /lookup-tables/{id}`, table),
  step('PUT /lookup-tables/x 400 /lookup-tables/{id}', table),
  step('GET /lookup-tables 200'),
  step(`GET /lookup-tables/${uuid} 200 /lookup-tables/{id}`),
  step('GET /lookup-tables/none 404 /lookup-tables/{id}'),
  step(`GET /lookup-tables/${uuid}/rows 200 /lookup-tables/{id}/rows`),
  step('GET /lookup-tables/none/rows 404 /lookup-tables/{id}/rows'),
  step(`DELETE /lookup-tables/${uuid} 200 /lookup-tables/{id}`),
  step('DELETE /lookup-tables/none 404 /lookup-tables/{id}'),
  step('POST /destinations 201', connection),
  step('POST /destinations 400', { restEndpoint: 'here' }),
  step('GET /destinations 200'),
  step('POST /destinations/with-key 200', { dataImportKey: connection.dataImportKey }),
  step('POST /destinations/with-key 400', {}),
  step('PUT /destinations/destination-1 200 /destinations/{id}', connection),
  step('PUT /destinations/none 404 /destinations/{id}', connection),
  step('POST /syncs 201', { cohort: 1, destination }),
  step('POST /syncs 201', { cohort: 1, destination: { type: 'connected', id: 'destination-1' } }),
  step('DELETE /destinations/destination-1 409 /destinations/{id}'),
  step('DELETE /syncs/sync-2 200 /syncs/{id}'),
  step('DELETE /destinations/destination-1 200 /destinations/{id}'),
  step('POST /syncs 400', { cohort: 9, destination }),
  step('GET /syncs 200'),
  step('GET /syncs/sync-1 200 /syncs/{id}'),
  step('GET /syncs/none 404 /syncs/{id}'),
  step('POST /syncs/sync-1/run 200 /syncs/{id}/run'),
  step('GET /syncs/sync-1 200 /syncs/{id}'),
  step('POST /syncs/sync-1/pause 200 /syncs/{id}/pause'),
  step('POST /syncs/sync-1/run 409 /syncs/{id}/run'),
  step('POST /syncs/sync-1/start 200 /syncs/{id}/start'),
  step('POST /syncs/sync-1/start 409 /syncs/{id}/start'),
  step('DELETE /syncs/sync-1 200 /syncs/{id}'),
  step('DELETE /cohorts/1 200 /cohorts/{id}'),
  step('DELETE /cohorts/1 404 /cohorts/{id}'),
];

/** With a folder for storage exports, in which `no-folder` is a file. */
async function startBraze() {
  const storageDir = await mkdtemp(join(tmpdir(), 'open-api-'));
  await writeFile(join(storageDir, 'no-folder'), '');
  const running = await startMockBraze({ storageDir });
  const close = () => running.close().then(() => rm(storageDir, { recursive: true }));
  return { url: running.url, close };
}

describe.each([
  { name: 'mock Braze', start: startBraze, steps: [...shared, ...braze] },
  {
    name: 'mock Mixpanel',
    start: async () => {
      const { url, close } = await startMockMixpanel({ settings: { retryWithin: 0 } });
      return { url, close };
    },
    steps: [...shared, ...mixpanel],
  },
])('the OpenAPI document of $name', ({ start, steps }) => {
  let server: Awaited<ReturnType<typeof start>>;
  let document: Document;
  beforeAll(async () => {
    server = await start();
    await fetch(`${server.url}/nowhere`);
    document = await call<Document>('GET', `${server.url}/_sim/openapi.json`);
  });
  afterAll(() => server.close());

  it('passes the recommended rules of the linter', async () => {
    expect(await lint(document)).toEqual([]);
  });

  it('describes every control route and no other', async () => {
    const { control } = await controlClient(server.url).coverage();
    const routes = control.map(route => route.replace(/:(\w+)/g, '{$1}'));
    expect(operationsOf(document).sort()).toEqual(routes.sort());
    const checked = new Set(steps.map(({ operation }) => operation));
    expect(routes.filter(route => !checked.has(route))).toEqual([]);
  });

  it('describes what each route answers, success and errors', async () => {
    const check = createCheck(document);
    expect(check('GET /_sim/health', 200, { status: 'ok' })).toHaveLength(1);
    expect(await undeclared(document, server.url, steps)).toEqual([]);
  });
});
