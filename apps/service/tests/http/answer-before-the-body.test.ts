import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emails } from '../../src/testing/events.ts';
import { RunningService } from '../../src/testing/running-service.ts';

let service: RunningService;
beforeEach(async () => {
  service = await RunningService.start({
    ...{ MIXPANEL_API_URL: 'http://127.0.0.1:1', BODY_LIMIT: '1kb' },
    ...{ MIXPANEL_WEBHOOK_USERNAME: 'mixpanel', MIXPANEL_WEBHOOK_PASSWORD: 'webhook-password' },
  });
});
afterEach(() => service[Symbol.asyncDispose]());

describe('an answer before the end of the body', () => {
  it.each([
    ['413', { authorization: 'Bearer test-currents-token' }],
    ['401', { authorization: 'Bearer wrong' }],
  ])(
    '(%s) closes the connection, and reaches a client that sends megabytes first',
    async (status, headers) => {
      const body = JSON.stringify({ events: emails(20_000) });
      const response = await service.post(body, { headers });
      expect(response.status).toBe(Number(status));
      expect(response.headers.get('connection')).toBe('close');
      expect(await response.json()).toMatchObject({ error: { message: expect.any(String) } });
    },
  );

  it.each(['/currents', '/webhooks/mixpanel/default', '/api/forget'])(
    'does not wait for the rest of a body that never comes, at %s',
    async path => {
      const socket = connect(service.service.port, '127.0.0.1');
      socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{"events":[`);
      const chunks: Buffer[] = [];
      socket.on('data', chunk => chunks.push(chunk));
      await once(socket, 'close');
      expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 401 .*connection: close/is);
    },
  );
});

it('a client that sent all of its body keeps its connection', async () => {
  const refused = await service.post('not JSON');
  expect([refused.status, refused.headers.get('connection')]).toEqual([400, 'keep-alive']);
});

it.each([
  ['/status', 200],
  ['/metrics', 200],
  ['/readyz', 200],
  ['/api/cohorts', 200],
  ['/api/dead-letters', 200],
  ['/api/audit?limit=no', 400],
  ['/api/nothing', 404],
  ['/currents', 405],
])('an answer of %s (%d) is kept by no cache and taken for nothing but its type', async (path, status) => {
  const response = await service.get(path);
  expect(response.status).toBe(status);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
});
