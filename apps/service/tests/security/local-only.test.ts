import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localOnly } from '../../src/http/local-only.ts';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { RunningService } from '../../src/testing/running-service.ts';

let mixpanel: FakeMixpanel;
let service: RunningService;
beforeEach(async () => {
  mixpanel = await FakeMixpanel.start();
});
afterEach(async () => {
  await service[Symbol.asyncDispose]();
  await mixpanel[Symbol.asyncDispose]();
});
const start = async (environment: Record<string, string>) => {
  service = await RunningService.start({ MIXPANEL_API_URL: mixpanel.url, ...environment });
};

/** A call with any headers, which `fetch` does not send. */
function call(path: string, headers: Record<string, string>, body?: string) {
  const method = body === undefined ? 'GET' : 'POST';
  return new Promise<{ status: number | undefined; code: string | undefined }>((resolve, reject) => {
    request(`${service.service.url}${path}`, { method, headers, agent: false }, answer =>
      text(answer).then(received => {
        const { error } = received.startsWith('{') ? JSON.parse(received) : { error: undefined };
        resolve({ status: answer.statusCode, code: error?.code });
      }, reject),
    )
      .on('error', reject)
      .end(body);
  });
}

const batch = JSON.stringify(batchOf(emailSend()));
const page = JSON.stringify({
  action: 'members',
  parameters: {
    mixpanel_project_id: '1',
    mixpanel_cohort_name: 'A',
    mixpanel_cohort_id: '1',
    mixpanel_session_id: 's',
    page_info: { total_pages: 1, page_count: 1 },
    members: [],
  },
});
const addresses: [string, string?][] = [
  ['/currents', batch],
  ['/webhooks/mixpanel/default', page],
  ['/status'],
  ['/metrics'],
];
const webPages: Record<string, string>[] = [
  { host: 'rebound.attacker.example:4000' },
  { host: 'localhost:4000', origin: 'https://attacker.example' },
  { host: '127.0.0.1:4000', origin: 'null' },
  { host: '127.0.0.1:4000', origin: 'http://203.0.113.7' },
];

const ownCallers: Record<string, string>[] = [
  { host: '127.0.0.1' },
  { host: 'localhost', origin: 'http://localhost:4010' },
];

describe('a service on loopback without tokens', () => {
  beforeEach(() => start({ CURRENTS_TOKEN: '' }));

  it.each(addresses)('refuses web pages at %s, and keeps nothing of them', async (path, body) => {
    for (const headers of webPages)
      expect(await call(path, headers, body)).toEqual({ status: 403, code: 'foreign_caller' });
    expect(await service.connection()).toMatchObject({ accepted: 0, cohorts: [] });
  });

  it.each(addresses)('answers programs and pages of this machine at %s', async (path, body) => {
    for (const headers of ownCallers)
      expect((await call(path, headers, body)).code).not.toBe('foreign_caller');
  });

  it('answers probes under any name', async () => {
    for (const path of ['/healthz', '/readyz'])
      expect((await call(path, { host: 'pod.example' })).status).toBe(200);
  });
});

it('an address that needs a token can be reached under any name, through a proxy', async () => {
  await start({
    VIEWER_TOKEN: 'a-viewer-token-of-the-test',
    MIXPANEL_WEBHOOK_USERNAME: 'mixpanel',
    MIXPANEL_WEBHOOK_PASSWORD: 'webhook-password',
  });
  const bearer = (token: string) => ({ host: 'events.example', authorization: `Bearer ${token}` });
  expect((await call('/currents', bearer('test-currents-token'), batch)).status).toBe(200);
  expect((await call('/status', bearer('a-viewer-token-of-the-test'))).status).toBe(200);
  expect((await call('/webhooks/mixpanel/default', { host: 'events.example' }, page)).status).toBe(401);
});

it('a service that others can reach accepts any host name', () => {
  expect(localOnly('0.0.0.0')({ host: 'service.example' })).toBeUndefined();
  expect(localOnly('127.0.0.1')({ host: 'service.example' })).toContain('service.example');
});
