import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emailSend } from '../../src/testing/events.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

let folder: string;
let mixpanel: FakeMixpanel;
let environment: Record<string, string>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'batches-'));
  mixpanel = await FakeMixpanel.start();
  const file = join(folder, 'service.db');
  environment = { MIXPANEL_API_URL: mixpanel.url, STORAGE_URL: `sqlite:${file}` };
  await using service = await RunningService.start({ ...environment, DELIVERY_MODE: 'hold' });
  for (const id of ['a', 'b', 'c'])
    await service.post({ events: [emailSend({ id }), emailSend({ id: `${id}2` })] });
  await service.service.close();
  const db = new DatabaseSync(file);
  db.exec('UPDATE batch SET deaths = 3 WHERE id < 3');
  db.close();
});
afterEach(async () => {
  await mixpanel[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

describe('quarantined batches', () => {
  it('are pending and not delivered, while others are', async () => {
    await using service = await RunningService.start(environment);
    const status = await service.until(
      ({ imported, delivery }) => imported === 2 && delivery?.state === 'idle',
    );
    expect(status).toMatchObject({
      ...{ accepted: 6, pending: { batches: 2, events: 4, oldestSeconds: null } },
      ...{ quarantined: { batches: 2, events: 4 }, delivery: { state: 'idle' } },
    });
    const metrics = await (await service.get('/metrics')).text();
    expect(metrics).toContain('braze_mixpanel_quarantined_batches{connection="default"} 2');
  });

  it('are listed without their events, page by page', async () => {
    await using service = await RunningService.start(environment);
    const list = async (query: string) =>
      (await (await service.get(`/api/batches/quarantined${query}`)).json()) as { batches: { id: number }[] };
    expect((await list('')).batches).toEqual([1, 2].map(id => expect.objectContaining({ id, events: 2 })));
    expect((await list('?limit=1&after=1')).batches.map(({ id }) => id)).toEqual([2]);
    expect((await service.get('/api/batches/quarantined?connection=other')).status).toBe(404);
    expect((await service.get('/api/batches/quarantined?limit=0')).status).toBe(400);
  });

  it('return to the queue when they are released: one, then all; the audit log has both', async () => {
    await using service = await RunningService.start(environment);
    const release = async (body: unknown) => {
      const answer = await service.post(body, { path: '/api/batches/release', headers: asOperator });
      return answer.json();
    };
    expect(await release({ ids: [2] })).toEqual({ released: 1 });
    await service.until(({ imported }) => imported === 4);
    expect(await release({ connection: 'other' })).toMatchObject({ error: { code: 'unknown_connection' } });
    expect(await release({})).toEqual({ released: 1 });
    expect((await service.settled()).imported).toBe(6);
    expect(await release({ id: 1 })).toMatchObject({ error: { code: 'request_invalid' } });
    const { entries } = (await (await service.get('/api/audit')).json()) as { entries: { action: string }[] };
    expect(entries.map(({ action }) => action)).toEqual(Array(2).fill('batches.release'));
  });

  it('are listed and released from the command line', async () => {
    await using service = await RunningService.start(environment);
    const run = async (...args: string[]) => {
      const access = { PORT: String(service.service.port), ADMIN_TOKEN: 'test-admin-token' };
      const { stdout, stderr } = await ServiceProcess.run(access, 'batches', ...args);
      return `${stdout.join('\n')}${stderr}`;
    };
    expect(await run('list')).toMatch(/^id +connection +received +events +bytes\n1 +default .+\n2 +default /);
    expect(await run('release', '1')).toBe('1 released.');
    expect(await run('release')).toBe('1 released.');
    expect(await run('list')).toBe('No quarantined batches.');
    expect(await run('release', '5')).toBe(
      'Batch 5 is not quarantined; nothing was released. Run batches list.\n',
    );
    expect(await run('release')).toBe('0 released.');
    expect(await run('release', 'x')).toContain('Expected the ID of a batch');
  });
});
