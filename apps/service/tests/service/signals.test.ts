import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServiceStatus } from '../../src/observability/status.ts';
import { batchOf, emails } from '../../src/testing/events.ts';
import { accepts, FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

let folder: string;
let mixpanel: FakeMixpanel;
let environment: Record<string, string>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'process-test-'));
  mixpanel = await FakeMixpanel.start();
  environment = {
    PORT: '0',
    STORAGE_URL: `sqlite:${join(folder, 'service.db')}`,
    CURRENTS_TOKEN: 'test-currents-token',
    MIXPANEL_TOKEN: 'test-project-token',
    MIXPANEL_API_URL: mixpanel.url,
    DELIVERY_RETRY_BASE: '20ms',
  };
});
afterEach(async () => {
  await mixpanel[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const post = (url: string, events: unknown[]) =>
  fetch(`${url}/currents`, {
    method: 'POST',
    headers: { authorization: 'Bearer test-currents-token' },
    body: JSON.stringify(batchOf(...events)),
  });
const connection = async (url: string) => {
  const status = (await (await fetch(`${url}/status`)).json()) as ServiceStatus;
  return status.connections.default!;
};
const delivered = (url: string) =>
  vi.waitFor(
    async () => {
      const status = await connection(url);
      expect(status.pending.events).toBe(0);
      return status;
    },
    { timeout: 15_000, interval: 20 },
  );

describe('a service that is ended under load', () => {
  it.each([
    ['SIGKILL', null],
    ['SIGTERM', 0],
  ] as const)(
    'by %s loses nothing that it acknowledged: after the restart every event is in Mixpanel, unchanged',
    async (signal, exitCode) => {
      const acknowledged = new Set<string>();
      // A grace longer than the test: it would fail if the service waited for its busy clients to disconnect.
      const first = await ServiceProcess.serve({ ...environment, SHUTDOWN_GRACE: '60s' });
      await using process = first.process;
      const load = async () => {
        for (;;) {
          const batch = emails(100);
          const response = await post(first.url, batch).catch(() => undefined);
          if (response?.status !== 200) return;
          for (const { id } of batch) acknowledged.add(id);
        }
      };
      const clients = [load(), load(), load()];
      await vi.waitFor(() => expect(mixpanel.stored.length).toBeGreaterThan(3_000), { timeout: 15_000 });
      expect(await process.end(signal)).toBe(exitCode);
      await Promise.all(clients);
      expect(acknowledged.size).toBeGreaterThan(3_000);

      const second = await ServiceProcess.serve(environment);
      await using restarted = second.process;
      const { accepted, imported } = await delivered(second.url);
      expect(imported).toBe(accepted);
      const arrived = mixpanel.unique;
      expect([...acknowledged].filter(id => !arrived.has(id))).toEqual([]);
      const texts = new Map<string, Set<string>>();
      for (const event of mixpanel.stored) {
        const { $insert_id: id } = event.properties;
        texts.set(id, (texts.get(id) ?? new Set()).add(JSON.stringify(event)));
      }
      expect([...texts.values()].filter(({ size }) => size > 1)).toEqual([]);
      expect(await restarted.end('SIGTERM')).toBe(0);
    },
  );
});

describe('SIGTERM', () => {
  it('lets the request in flight finish, releases the rest, and ends with exit code 0', async () => {
    const { promise: held, resolve: answer } = Promise.withResolvers<void>();
    mixpanel.plays(async request => {
      await held;
      accepts(request);
    });
    const { process, url } = await ServiceProcess.serve(environment);
    await using stopping = process;
    await post(url, emails(5));
    await vi.waitFor(() => expect(mixpanel.requests).toHaveLength(1));
    const ended = stopping.end('SIGTERM');
    await vi.waitFor(() => expect(fetch(`${url}/healthz`)).rejects.toThrow());
    answer();
    expect(await ended).toBe(0);
    expect(mixpanel.unique.size).toBe(5);

    const again = await ServiceProcess.serve(environment);
    await using restarted = again.process;
    expect(await connection(again.url)).toMatchObject({ accepted: 5, imported: 5, pending: { events: 0 } });
    expect(await restarted.end('SIGTERM')).toBe(0);
    expect(mixpanel.requests).toHaveLength(1);
  });

  it('waits for an unanswered request no longer than the grace, and the events are sent after the restart', async () => {
    mixpanel.plays(() => undefined);
    const { process, url } = await ServiceProcess.serve({ ...environment, SHUTDOWN_GRACE: '100ms' });
    await using stopping = process;
    await post(url, emails(5));
    await vi.waitFor(() => expect(mixpanel.requests).toHaveLength(1));
    expect(await stopping.end('SIGTERM')).toBe(0);

    const again = await ServiceProcess.serve(environment);
    await using restarted = again.process;
    expect(await delivered(again.url)).toMatchObject({ imported: 5 });
    expect(await restarted.end('SIGTERM')).toBe(0);
  });
});

describe('SIGHUP', () => {
  it('lets a process reload its file and the files of its secrets, and end as before', async () => {
    const token = join(folder, 'token');
    await writeFile(token, 'first-token');
    const { process, url } = await ServiceProcess.serve({
      ...environment,
      CURRENTS_TOKEN: '',
      CURRENTS_TOKEN_FILE: token,
      LOG_LEVEL: 'info',
    });
    await using serving = process;
    const statusWith = async (bearer: string) => {
      const headers = { authorization: `Bearer ${bearer}` };
      const body = JSON.stringify(batchOf(...emails(1)));
      return (await fetch(`${url}/currents`, { method: 'POST', headers, body })).status;
    };
    expect(await statusWith('first-token')).toBe(200);
    await writeFile(token, 'second-token');
    serving.child.kill('SIGHUP');
    await vi.waitFor(async () => expect(await statusWith('second-token')).toBe(200), { timeout: 10_000 });
    expect(await statusWith('first-token')).toBe(401);
    expect(await serving.end('SIGTERM')).toBe(0);
  });
});

describe('the command', () => {
  it('prints one line on standard output: its address', async () => {
    const { process, url } = await ServiceProcess.serve(
      { ...environment, PORT: '1' },
      '--port',
      '0',
      '--host',
      '127.0.0.1',
    );
    await using serving = process;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d{2,5}$/);
    expect(await serving.end('SIGTERM')).toBe(0);
    expect(serving.stdout).toEqual([`listening on ${url}`]);
  });

  it('refuses a bad configuration with every fault, without a secret, exit code 1', async () => {
    const refused = await ServiceProcess.run({
      ...environment,
      PORT: 'x',
      MIXPANEL_REGION: 'mars',
      MIXPANEL_SERVICE_SECRET: 'very-secret',
    });
    expect(refused.child.exitCode).toBe(1);
    expect(refused.stdout).toEqual([]);
    for (const name of ['PORT', 'MIXPANEL_REGION', 'MIXPANEL_SERVICE_ACCOUNT', 'MIXPANEL_PROJECT_ID']) {
      expect(refused.stderr).toContain(`- ${name} `);
    }
    expect(refused.stderr).not.toContain('very-secret');
  });

  it('names a port that is taken, exit code 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const refused = await ServiceProcess.run(environment, '--port', String(port));
    other.close();
    expect(refused.child.exitCode).toBe(1);
    expect(refused.sentences.trim()).toMatch(
      /^Port \d+ on 127\.0\.0\.1 is in use by another process\..*--port or PORT\.$/,
    );
  });

  it('ends with exit code 1 where no clock answers at CLOCK_URL, and leaves the storage to the next start', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await new Promise(resolve => other.close(resolve));
    const refused = await ServiceProcess.run({
      ...environment,
      MIXPANEL_QUERY_URL: mixpanel.url,
      CLOCK_URL: `http://127.0.0.1:${port}/_sim/clock`,
    });
    expect(refused.child.exitCode).toBe(1);
    expect(refused.sentences).toMatch(/^No clock at http:\/\/127\.0\.0\.1:\d+\/_sim\/clock\. Set CLOCK_URL/);
    const { process } = await ServiceProcess.serve(environment);
    await using serving = process;
    expect(await serving.end('SIGTERM')).toBe(0);
  }, 30_000);

  it('checks a configuration, and prints it without secrets', async () => {
    const checked = await ServiceProcess.run(environment, 'config', 'check');
    expect([checked.child.exitCode, checked.stdout]).toEqual([
      0,
      ['Connection default: event catalogue 2022-06.', 'The configuration is valid.'],
    ]);
    const printed = await ServiceProcess.run(environment, 'config', 'print');
    expect(JSON.parse(printed.stdout.join('\n'))).toMatchObject({ connections: [{ name: 'default' }] });
    expect(printed.stdout.join('\n')).not.toMatch(/test-(currents|project)-token/);
  });
});
