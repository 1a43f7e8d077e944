import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { notes } from '../../src/config/setting-notes.ts';
import { connectionShape, serviceShape } from '../../src/config/settings.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { withoutSecretsOf } from '../../src/secrets/without-secrets.ts';
import { batchOf, emails } from '../../src/testing/events.ts';
import { RunningService } from '../../src/testing/running-service.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

let opened: AsyncDisposableStack;
beforeEach(() => {
  opened = new AsyncDisposableStack();
});
afterEach(() => opened.disposeAsync());

async function server(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  started.listen(0, '127.0.0.1');
  await once(started, 'listening');
  opened.defer(async () => {
    started.closeAllConnections();
    started.close();
    await once(started, 'close');
  });
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

/** Every secret setting, by its own mark, with a value that is unique. */
const secretNames = Object.entries({ ...serviceShape, ...connectionShape })
  .filter(([, shape]) => notes.get(shape)?.secret)
  .map(([name]) => name)
  .filter(name => name !== 'STORAGE_URL');
/** Secrets that a header carries unchanged, which therefore are ASCII. */
const bearers = ['ADMIN_TOKEN', 'VIEWER_TOKEN', 'CURRENTS_TOKEN'];
const secrets = Object.fromEntries(
  secretNames.map(name => [name, `secret/${name.toLowerCase()}+${bearers.includes(name) ? '%' : 'ü'}`]),
);
const account = 'service-account';
const user = 'webhook-user';

/** All forms of all secrets, as the service itself removes them. */
const clean = withoutSecretsOf([
  ...Object.values(secrets).map(value => new Secret(value)),
  { username: account, password: new Secret(secrets.MIXPANEL_SERVICE_SECRET ?? '') },
  { username: user, password: new Secret(secrets.MIXPANEL_WEBHOOK_PASSWORD ?? '') },
]);
const basic = (name: string, password = '') =>
  `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;

/** A vendor that repeats everything it receives, in every answer, each time in another form. */
function echo(): Promise<string> {
  let turn = 0;
  return server(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const said =
      `You sent ${request.url} ${JSON.stringify(request.headers)} ${body.toString('latin1')}`.slice(0, 4_000);
    const status = [401, 500, 302, 200, 429, 403, 400][turn++ % 7] ?? 400;
    response.writeHead(status, { 'content-type': 'application/json', location: '/elsewhere', 'x-echo': 'x' });
    const failed = Array.from({ length: 3 }, (_, index) => ({ index, field: 'x', message: said }));
    response.end(JSON.stringify({ code: status, error: said, message: said, failed_records: failed }));
  });
}

describe('every output of the service', () => {
  it('has no secret: logs, metrics, status, the API, errors, the command line, and repeated requests of vendors', async () => {
    const said: string[] = [];
    const vendor = await echo();
    const environment = {
      ...secrets,
      CURRENTS_TOKEN: `${secrets.CURRENTS_TOKEN},${secrets.CURRENTS_TOKEN}-old`,
      ...{ MIXPANEL_API_URL: vendor, MIXPANEL_QUERY_URL: vendor, BRAZE_REST_URL: vendor },
      ...{ MIXPANEL_SERVICE_ACCOUNT: account, MIXPANEL_PROJECT_ID: '1', MIXPANEL_WEBHOOK_USERNAME: user },
      LOG_LEVEL: 'trace',
    };
    const logger = pino({ level: 'trace' }, { write: line => void said.push(line) });
    const service = opened.use(await RunningService.start(environment, { logger }));
    const operator = { authorization: `Bearer ${secrets.ADMIN_TOKEN}` };
    const call = async (path: string, init: RequestInit = {}) => {
      const response = await fetch(service.service.url + path, init);
      said.push(`${JSON.stringify([...response.headers])} ${await response.text()}`);
      return response.status;
    };
    const currents = (token: string) => ({
      authorization: `Bearer ${token}`,
    });
    const webhook = { authorization: basic(user, secrets.MIXPANEL_WEBHOOK_PASSWORD) };

    const batch = JSON.stringify(
      batchOf(...emails(3), { event_type: 'x', id: secrets.CURRENTS_TOKEN?.slice(0, 3) }),
    );
    expect(
      await call('/currents', {
        method: 'POST',
        headers: currents(secrets.CURRENTS_TOKEN ?? ''),
        body: batch,
      }),
    ).toBe(200);
    expect(
      await call('/currents', { method: 'POST', headers: currents(secrets.ADMIN_TOKEN ?? ''), body: batch }),
    ).toBe(401);
    expect(
      await call('/currents', { method: 'POST', headers: currents(secrets.CURRENTS_TOKEN ?? ''), body: '{' }),
    ).toBe(400);
    const parameters = {
      ...{ mixpanel_project_id: '1', mixpanel_cohort_name: 'C', mixpanel_cohort_id: '12345' },
      ...{ mixpanel_cohort_description: '', mixpanel_session_id: 's1' },
      page_info: { total_pages: 1, page_count: 1 },
      members: [{ email: 'a@example.com', mixpanel_distinct_id: 'ada' }],
    };
    const page = JSON.stringify({ action: 'members', parameters });
    expect(await call('/webhooks/mixpanel/default', { method: 'POST', headers: webhook, body: page })).toBe(
      200,
    );
    expect(await call('/webhooks/mixpanel/default', { method: 'POST', headers: operator, body: page })).toBe(
      401,
    );
    const api = async (path: string, body?: unknown) =>
      call(path, {
        headers: operator,
        ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      });
    await api('/api/cohorts', { cohort: '678', source: 'query', sink: 'track' });
    // Each kind of answer was given at least once, and one of them made dead letters.
    await vi.waitFor(
      async () =>
        expect((await service.service.status()).connections.default?.deadLettered ?? {}).not.toEqual({}),
      {
        timeout: 15_000,
      },
    );
    for (let turn = 0; turn < 7; turn += 1) {
      await api('/api/cohorts/12345/run', {});
      await api('/api/cohorts/678/run', {});
      await vi.waitFor(async () => {
        const status = JSON.stringify(await service.service.status());
        expect(status).not.toContain('"running":true');
      });
      await api('/status');
    }
    await api('/api/cohorts/678/dry-run', {});
    for (const path of [
      ...[
        '/metrics',
        '/readyz',
        '/healthz',
        '/api/dead-letters',
        '/api/dead-letters/1',
        '/api/dead-letters/counts',
      ],
      ...['/api/audit', '/api/cohorts', '/api/cohorts/12345/history', '/api/cohorts/678/history'],
      `/api/nothing?token=${encodeURIComponent(secrets.ADMIN_TOKEN ?? '')}`,
      `/nothing/${encodeURIComponent(secrets.ADMIN_TOKEN ?? '')}`,
    ])
      await api(path);
    await api('/api/dead-letters/replay', { fix: [{ set: 'id', value: secrets.ADMIN_TOKEN }] });
    await api('/api/trace', { externalId: 'ada' });
    await call('/api/audit');

    const commands = [
      ['config', 'print'],
      ['config', 'check'],
      ['dead-letters', 'list'],
      ['audit'],
      ['doctor', '--json'],
    ];
    for (const command of commands) {
      const { stdout, stderr } = await ServiceProcess.run(
        { ...environment, PORT: String(service.service.port), STORAGE_URL: 'sqlite::memory:' },
        ...command,
      );
      said.push(`${command.join(' ')} ${stdout.join('\n')} ${stderr}`);
    }
    await service.service.close();
    // The repeated requests are shown, without the secrets.
    expect(said.join('\n')).toMatch(/You sent .*\[secret\]/);
    for (const text of said) expect(clean(text)).toBe(text);
  }, 120_000);
});

describe('a request to a vendor', () => {
  it('goes to the configured address and follows no redirect', async () => {
    let strays = 0;
    const elsewhere = await server((_request, response) => {
      strays += 1;
      response.end('{}');
    });
    let turn = 0;
    const vendor = await server((request, response) => {
      request.resume();
      const status = [301, 302, 303, 307, 308][turn++ % 5] ?? 302;
      response.writeHead(status, { location: `${elsewhere}${request.url}` }).end();
    });
    const origins = new Set<string>();
    const service = opened.use(
      await RunningService.start(
        {
          ...secrets,
          ...{ MIXPANEL_API_URL: vendor, MIXPANEL_QUERY_URL: vendor, BRAZE_REST_URL: vendor },
          ...{ MIXPANEL_SERVICE_ACCOUNT: account, MIXPANEL_PROJECT_ID: '1', MIXPANEL_WEBHOOK_USERNAME: user },
          CURRENTS_TOKEN: 'test-currents-token',
          ADMIN_TOKEN: 'test-admin-token',
          VIEWER_TOKEN: '',
          COHORTS: '12345:dynamic',
        },
        {
          fetch: (input, init) => {
            origins.add(new URL(input instanceof Request ? input.url : input).origin);
            return fetch(input, init);
          },
        },
      ),
    );
    await service.post(batchOf(...emails(3)));
    await service.until(
      ({ delivery, cohorts }) => (delivery?.failuresInARow ?? 0) > 4 && cohorts?.[0]?.problem !== null,
    );
    expect({ strays, origins: [...origins] }).toEqual({ strays: 0, origins: [vendor] });
  });
});
