import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, type Service, startService } from '@braze-mixpanel/service';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createCheck, type Document, operationsOf, stepsUnder, undeclared } from './check-answer.ts';
import { lint } from './lint.ts';

const token = 'admin-token';
const headers = { authorization: `Bearer ${token}` };
const step = stepsUnder('/api');
const replay = '/dead-letters/{id}/replay';
const ada = { externalId: 'ada' };

/** Of cohort 7, for example `POST run 202`. */
function cohortStep(text: string, body?: unknown) {
  const [method, verb, status] = text.split(' ');
  return step(`${method} /cohorts/7/${verb} ${status} /cohorts/{id}/${verb}`, body);
}

const steps = [
  step('GET /openapi.json 200'),
  step('GET /access 200'),
  step('GET /alerts 200'),
  step('GET /clock 200'),
  step('GET /clock?x=1 400'),
  step('GET /cohorts 200'),
  step('POST /cohorts 201', { cohort: '7', source: 'webhook', start: false }),
  step('POST /cohorts 409', { cohort: '7', source: 'webhook' }),
  step('POST /cohorts 400', { cohort: 'x' }),
  step('POST /cohorts 404', { cohort: '8', connection: 'other' }),
  ...['start 200', 'pause 200', 'run 202'].map(text => cohortStep(`POST ${text}`)),
  cohortStep('POST confirm 409'),
  cohortStep('POST source 200', { source: 'webhook' }),
  cohortStep('POST source 400', { source: 'x' }),
  cohortStep('POST dry-run 200'),
  cohortStep('GET history 200'),
  cohortStep('GET unmatched 200'),
  step('GET /cohorts/7/members 404 /cohorts/{id}/members'),
  step('GET /cohorts/7/members?state=x 400 /cohorts/{id}/members'),
  step('POST /cohorts/7/members 404 /cohorts/{id}/members', { run: 'last' }),
  step('POST /cohorts/7/members 400 /cohorts/{id}/members', { state: 'x' }),
  step('GET /cohorts/7/cost?from=2026-01-01&to=2026-01-31 200 /cohorts/{id}/cost'),
  step('GET /cohorts/7/cost?from=x 400 /cohorts/{id}/cost'),
  step('GET /cohorts?x=1 400'),
  step('GET /dead-letters?connection=other 404'),
  step('GET /dead-letters?reason=other 400'),
  step('GET /cohorts/7 200 /cohorts/{id}'),
  step('GET /cohorts/9 404 /cohorts/{id}'),
  step('DELETE /cohorts/7 204 /cohorts/{id}'),
  step('DELETE /cohorts/7 404 /cohorts/{id}'),
  step('DELETE /cohort-documents/sync:default:7 409 /cohort-documents/{id}'),
  step('GET /dead-letters 200'),
  step('GET /dead-letters?limit=x 400'),
  step('GET /dead-letters/counts 200'),
  step('GET /dead-letters/counts?by=x 400'),
  step('GET /dead-letters/1 200 /dead-letters/{id}'),
  step('GET /dead-letters/999 404 /dead-letters/{id}'),
  step(`POST /dead-letters/1/replay 200 ${replay}`, { dryRun: true }),
  step(`POST /dead-letters/1/replay 422 ${replay}`, { fix: [{ set: 'time', value: 'x' }] }),
  step(`POST /dead-letters/1/replay 400 ${replay}`, { fix: 1 }),
  step(`POST /dead-letters/999/replay 404 ${replay}`, {}),
  step('POST /dead-letters/replay 200', { dryRun: true }),
  step('POST /dead-letters/replay 200', { dryRun: true, fix: [{ set: 'time', value: 1 }] }),
  step('POST /dead-letters/replay 404', { connection: 'other' }),
  step('POST /dead-letters/purge 409', {}),
  step('POST /dead-letters/purge 400', { ids: [] }),
  step('POST /traffic/events 200', { search: 'a' }),
  step('POST /traffic/events 400', { newest: 0 }),
  step('GET /traffic/events/1-0 200 /traffic/events/{id}'),
  step('GET /traffic/events/9-0 404 /traffic/events/{id}'),
  step('POST /traffic/requests 200', { search: 'ada' }),
  step('POST /traffic/requests 400', {}),
  step('POST /trace 200', ada),
  step('POST /trace 400', {}),
  step('POST /trace/delivered 200', { ...ada, before: '1-0' }),
  step('POST /trace/delivered 400', { ...ada, before: 'x' }),
  step(`POST /dead-letters/2/replay 200 ${replay}`),
  step('POST /dead-letters/purge 200', { confirm: true }),
  step('GET /batches/quarantined 200'),
  step('GET /batches/quarantined?after=x 400'),
  step('POST /batches/release 200', {}),
  step('POST /batches/release 400', { ids: [] }),
  step('POST /batches/retry 200', {}),
  step('POST /batches/retry 400', { ids: [1] }),
  step('POST /backfills 201', { source: import.meta.dirname }),
  step('POST /backfills 201', { source: import.meta.dirname, dryRun: true }),
  step('POST /backfills 400', {}),
  step('POST /backfills 409', { source: import.meta.dirname, from: '2026-01-01', gaps: 'every_day' }),
  step('POST /backfills 400', { source: import.meta.dirname, events: ['x'] }),
  step('POST /backfills 404', { source: import.meta.dirname, connection: 'other' }),
  step('GET /backfills 200'),
  step('GET /backfills?limit=0 400'),
  step('GET /backfills/1 200 /backfills/{id}'),
  step('GET /backfills/9 404 /backfills/{id}'),
  ...['pause', 'resume', 'cancel'].map(verb => step(`POST /backfills/9/${verb} 404 /backfills/{id}/${verb}`)),
  step('GET /compare?from=2026-01-01 400'),
  step('GET /compare?from=2026-01-01&to=2026-01-01&connection=other 404'),
  step('POST /cut-over 409', {}),
  step('POST /cut-over 400', { confirm: 1 }),
  step('POST /forget 200', { ...ada, confirm: true }),
  step('POST /forget 200', { ...ada, confirm: true, vendors: true }),
  step('POST /forget 400', ada),
  step('POST /forget/receipt 200', ada),
  step('POST /forget/receipt 404', { externalId: 'nobody' }),
  step('GET /forget/receipts 200'),
  step('GET /forget/receipts?limit=0 400'),
  step('GET /forget/requests 200'),
  step('GET /forget/requests?before=1772368200-0a 200 /forget/requests'),
  step('GET /forget/requests?before=1 400 /forget/requests'),
  step('GET /forget/requests?x=1 400'),
  step('GET /forget/receipts/0 404 /forget/receipts/{id}'),
  step('POST /forget/lift 200', ada),
  step('POST /forget/lift 400', { externalId: '' }),
  step('GET /cost?from=2026-01-01&to=2026-01-31 200'),
  step('GET /cost?from=2026-01-01 400'),
  step('GET /cost?from=2026-01-01&to=2026-01-01&connection=other 404'),
  step('POST /reconcile 202', { from: '2026-01-01', to: '2026-01-02' }),
  step('POST /reconcile 400', { from: '2026-01-02', to: '2026-01-01' }),
  step('POST /reconcile 404', { connection: 'other', from: '2026-01-01', to: '2026-01-02' }),
  step('GET /reconcile 200'),
  step('GET /reconcile?connection=other 404'),
  step('GET /reconcile?x=1 400'),
  step('GET /reconcile/1 200 /reconcile/{id}'),
  step('GET /reconcile/9 404 /reconcile/{id}'),
  step('GET /lookup-tables 200'),
  step('GET /lookup-tables?connection=other 404'),
  step('GET /lookup-tables?x=1 400'),
  step('POST /lookup-tables/push 409', {}),
  step('POST /lookup-tables/push 404', { connection: 'other' }),
  step('POST /lookup-tables/push 400', { x: 1 }),
  step('GET /history 200'),
  step('GET /history?by=day 400'),
  step('GET /history?connection=other 404'),
  step('GET /identity 200'),
  step('GET /audit 200'),
  step('GET /audit?limit=0 400'),
];

describe('the OpenAPI document of the service', () => {
  let folder: string;
  let service: Service;
  let document: Document;
  const get = (path: string) => fetch(service.url + path, { headers });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'open-api-'));
    const environment = {
      PORT: '0',
      LOG_LEVEL: 'silent',
      STORAGE_URL: `sqlite:${join(folder, 'service.db')}`,
      ADMIN_TOKEN: token,
      MIXPANEL_TOKEN: 'project-token',
      MIXPANEL_API_URL: 'http://127.0.0.1:1',
      BRAZE_REST_URL: 'http://127.0.0.1:1',
      BRAZE_REST_API_KEY: 'rest-key',
      KEEP_TRAFFIC: '1mb',
    };
    service = await startService(readConfig({ environment }));
    document = (await (await get('/api/openapi.json')).json()) as Document;
    const body = JSON.stringify({ events: [{ id: 'a' }, { id: 'b' }] });
    const type = { 'content-type': 'application/json' };
    expect((await fetch(`${service.url}/currents`, { method: 'POST', headers: type, body })).status).toBe(
      200,
    );
    await vi.waitFor(async () => {
      const { counts } = (await (await get('/api/dead-letters')).json()) as { counts: object };
      expect(counts).not.toEqual({});
    });
  });
  afterAll(async () => {
    await service.close();
    await rm(folder, { recursive: true });
  });

  it('needs the token of the routes that it describes', async () => {
    expect((await fetch(`${service.url}/api/openapi.json`)).status).toBe(401);
  });

  it('passes the recommended rules of the linter', async () => {
    expect(await lint(document)).toEqual([]);
  });

  it('describes what each route answers, success and errors', async () => {
    expect(await undeclared(document, service.url, steps, headers)).toEqual([]);
    const checked = new Set(steps.map(({ operation }) => operation));
    expect(operationsOf(document).filter(operation => !checked.has(operation))).toEqual([]);
  });

  it('describes the answer to a client without a token', async () => {
    const refused = operationsOf(document).map(operation => ({
      operation,
      path: operation.split(' ')[1]!,
      status: 401,
    }));
    expect(await undeclared(document, service.url, refused)).toEqual([]);
  });

  it('describes the answer to a wrong method', async () => {
    const check = createCheck(document);
    for (const operation of operationsOf(document)) {
      const response = await fetch(service.url + operation.split(' ')[1]!, { method: 'PATCH', headers });
      expect(response.status).toBe(405);
      expect(check(operation, 405, await response.json())).toEqual([]);
    }
  });

  it('serves the path of an earlier release with a note that it is deprecated', async () => {
    const answers = ['/api/handover', '/api/cut-over'].map(path =>
      fetch(service.url + path, { method: 'POST', headers, body: '{}' }),
    );
    const [old, current] = await Promise.all(answers);
    expect([old?.status, old?.headers.get('deprecation')]).toEqual([409, 'true']);
    expect([current?.status, current?.headers.get('deprecation')]).toEqual([409, null]);
  });
});
