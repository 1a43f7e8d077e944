import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCurrentsFile } from '@braze-mixpanel/currents-files';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { BackfillJson } from '../../src/http/backfill-endpoints.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

const open = 'users.messages.email.Open';

let folder: string;
let mixpanel: FakeMixpanel;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'collect-'));
  mixpanel = await FakeMixpanel.start();
});
afterEach(async () => {
  await mixpanel[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const put = async (name: string, ids: readonly string[]) => {
  const events = ids.map(id => ({
    ...{ event_type: open, id, time: Math.floor(Date.now() / 1_000) - 60 },
    ...{ user: { external_user_id: 'u' }, properties: {} },
  }));
  await writeFile(join(folder, name), await writeCurrentsFile(open, events));
};

const jobs = async (service: RunningService) =>
  ((await (await service.get('/api/backfills')).json()) as { backfills: BackfillJson[] }).backfills;

const collected = (service: RunningService): Promise<BackfillJson> =>
  vi.waitFor(
    async () => {
      const [job] = await jobs(service);
      if (job?.collected == null || job.delivery.pending > 0) throw new Error('Not collected yet.');
      return job;
    },
    { timeout: 10_000, interval: 20 },
  );

it('The files of COLLECT are delivered as events of the connection', async () => {
  await put('a.avro', ['1', '2']);
  await using service = await RunningService.start({ MIXPANEL_API_URL: mixpanel.url, COLLECT: folder });
  expect(await collected(service)).toMatchObject({
    ...{ connection: 'default', source: folder, state: 'running', collects: true },
    collected: { problem: null },
    report: { files: { read: 1 }, events: { accepted: 2 } },
    delivery: { accepted: 2, imported: 2 },
  });
  expect(await service.connection()).toMatchObject({ accepted: 2, imported: 2 });
  expect([...mixpanel.unique.keys()]).toHaveLength(2);
  expect(await (await service.get('/metrics')).text()).toMatch(
    /currents_last_batch_timestamp_seconds\{connection="default"\} \d+/,
  );
});

it('A collection cannot be cancelled while COLLECT is set, and ends when it is removed', async () => {
  await using service = await RunningService.start({ MIXPANEL_API_URL: mixpanel.url, COLLECT: folder });
  const { id } = await collected(service);
  const cancel = await fetch(`${service.service.url}/api/backfills/${id}/cancel`, {
    method: 'POST',
    headers: asOperator,
  });
  expect(cancel.status).toBe(409);
  expect(await cancel.json()).toMatchObject({
    error: { message: expect.stringContaining('until COLLECT is removed or changed') },
  });
  const other = join(folder, 'other');
  await mkdir(other);
  expect(await service.reload({ COLLECT: other })).toBe(true);
  await vi.waitFor(
    async () => {
      const states = Object.fromEntries((await jobs(service)).map(job => [job.source, job.state]));
      expect(states).toEqual({ [folder]: 'cancelled', [other]: 'running' });
    },
    { timeout: 10_000, interval: 20 },
  );
});
