import { type RunningMockMixpanel, startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Comparison } from '../../src/reconcile/compare.ts';
import { batchOf, emails } from '../../src/testing/events.ts';
import { accountSettings, type ImportRow, importNatively } from '../../src/testing/mixpanel-account.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

let mixpanel: RunningMockMixpanel;
let running: RunningService;
const environment = () => ({
  MIXPANEL_TOKEN: '',
  ...accountSettings(mixpanel.url),
});
beforeEach(async () => {
  mixpanel = await startMockMixpanel();
  running = await RunningService.start(environment());
});
afterEach(async () => {
  await running[Symbol.asyncDispose]();
  await mixpanel.close();
});

/** Compares the day of all these events. */
const ask = (query = 'from=2023-11-14&to=2023-11-14', of = running) =>
  of.get(`/api/compare?${query}`, asOperator);
const compare = async (of = running) => (await (await ask(undefined, of)).json()) as Comparison;

describe('a comparison', () => {
  it('agrees when everything arrived, also when events were sent again', async () => {
    const batch = batchOf(...emails(30));
    await running.post(batch);
    await running.post(batch);
    await running.settled();
    expect(await compare()).toMatchObject({
      ...{ agrees: true, complete: true, shadow: false },
      days: [
        {
          day: '2023-11-14',
          event: 'Email Send',
          ours: 60,
          mixpanelUnique: 30,
          mixpanelRaw: 60,
          why: ['resent'],
        },
      ],
    });
  });

  it('verifies the host of the project when delivered events were read back', async () => {
    const unverified = async () =>
      (await running.connection()).findings?.some(({ id }) => id === 'project_host');
    await running.post(batchOf(...emails(5)));
    await running.settled();
    expect(await unverified()).toBe(true);
    expect(await compare()).toMatchObject({ agrees: true });
    expect(await unverified()).toBe(false);
  });

  it('recognises the native integration by events that are there under two $insert_ids', async () => {
    await running.post(batchOf(...emails(20)));
    await running.settled();
    const exported = await fetch(`${mixpanel.url}/_sim/events`).then(response => response.json());
    await importNatively(mixpanel.url, (exported as { events: ImportRow[] }).events);
    expect(await compare()).toMatchObject({
      agrees: false,
      days: [{ ours: 20, mixpanelUnique: 40, why: ['sent_twice'] }],
    });
  });

  it('requests none but its own days of a project in UTC, so that it does not fail for later ones', async () => {
    await running.post(batchOf(...emails(5)));
    await running.settled();
    expect(await compare()).toMatchObject({ agrees: true });
    const { requests } = (await fetch(`${mixpanel.url}/_sim/requests`).then(response => response.json())) as {
      requests: { path: string; query: string }[];
    };
    const exported = requests.filter(({ path }) => path === '/api/2.0/export');
    const daysOf = ({ query }: { query: string }) =>
      ['from_date', 'to_date'].map(name => new URLSearchParams(query).get(name));
    expect(exported.map(daysOf)).toEqual([['2023-11-14', '2023-11-14']]);
  });

  it('sees what is missing in Mixpanel', async () => {
    await running.post(batchOf(...emails(5)));
    await running.settled();
    await fetch(`${mixpanel.url}/_sim/reset`, { method: 'POST' });
    expect(await compare()).toMatchObject({ agrees: false, days: [{ mixpanelRaw: 0, why: ['missing'] }] });
    const { findings } = await running.connection();
    expect(findings).toContainEqual(expect.objectContaining({ id: 'project_host', severity: 'unverified' }));
  });

  it('in shadow mode, compares what would have been delivered with the deliveries of another sender', async () => {
    await using shadow = await RunningService.start({ ...environment(), DELIVERY_MODE: 'shadow' });
    const batch = batchOf(...emails(7));
    await running.post(batch);
    await running.settled();
    await shadow.post(batch);
    expect(await shadow.settled()).toMatchObject({ accepted: 7, imported: 0, skipped: { shadow: 7 } });
    expect(mixpanel.model.events.raw).toBe(7);
    expect(await compare(shadow)).toMatchObject({ shadow: true, agrees: true, days: [{ ours: 7 }] });
  });

  it('needs credentials that can read, a connection that exists, and no more than 31 days', async () => {
    await using importer = await RunningService.start({
      MIXPANEL_TOKEN: 'mixpanel-token',
      MIXPANEL_API_URL: mixpanel.url,
    });
    const refused = await ask(undefined, importer);
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ error: { code: 'compare_not_configured' } });
    expect((await ask('connection=nobody&from=2023-11-14&to=2023-11-14')).status).toBe(404);
    for (const query of [
      '',
      'from=2023-11-14',
      'from=2023-11-14&to=2023-11-13',
      'from=2023-01-01&to=2023-12-31',
    ])
      expect((await ask(query)).status, query).toBe(400);
  });

  it('of an unknown event reports that it is unknown, and similar names', async () => {
    const unknown = await ask('from=2023-11-14&to=2023-11-14&event=Emial%20Send');
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({
      error: {
        code: 'compare_unknown_event',
        message: expect.stringMatching(/"Emial Send"\. Did you mean Email Send/),
      },
    });
    expect((await ask('from=2023-11-14&to=2023-11-14&event=Email%20Send')).status).toBe(200);
  });

  it('is one at a time: a second one meanwhile is refused with a wait', async () => {
    await running.post(batchOf(...emails(1)));
    await running.settled();
    await fetch(`${mixpanel.url}/_sim/faults`, {
      method: 'POST',
      body: JSON.stringify({ route: 'export', kind: 'latency', milliseconds: 500 }),
    });
    const statuses = (await Promise.all([ask(), ask()])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 503]);
    expect((await ask()).status).toBe(200);
  });

  it.each([
    ['fails', { kind: 'status', status: 503 }, 502, 'compare_export_failed'],
    ['refuses', { kind: 'status', status: 404 }, 502, 'compare_export_refused'],
    ['refuses the credentials', { kind: 'status', status: 403 }, 502, 'compare_credentials_refused'],
    ['asks for payment', { kind: 'status', status: 402 }, 502, 'compare_not_in_plan'],
    ['finds the address too long', { kind: 'status', status: 414 }, 502, 'compare_request_too_long'],
    ['finds the head too long', { kind: 'status', status: 431 }, 502, 'compare_request_too_long'],
    ['throttles', { kind: 'status', status: 429 }, 503, 'compare_throttled'],
    ['breaks off', { kind: 'truncate' }, 502, 'compare_export_failed'],
  ])('compares nothing when Mixpanel %s', async (_words, fault, status, code) => {
    await running.post(batchOf(...emails(200)));
    await running.settled();
    const put = await fetch(`${mixpanel.url}/_sim/faults`, {
      method: 'POST',
      body: JSON.stringify({ route: 'export', ...fault }),
    });
    expect(put.ok, await put.text()).toBe(true);
    const response = await ask();
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
  });
});
