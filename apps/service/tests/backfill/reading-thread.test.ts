import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue2026_07, sampleEvent, seededRandom } from '@braze-mixpanel/core/currents';
import { writeCurrentsFile } from '@braze-mixpanel/currents-files';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { BackfillJson } from '../../src/http/backfill-endpoints.ts';
import { showBackfill } from '../../src/testing/backfills.ts';
import { answers, FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';
import { watchedReaders } from '../../src/testing/watched-reader.ts';

const type = 'users.messages.email.Open';

let folder: string;
let mixpanel: FakeMixpanel;
let service: RunningService;
let readers: ReturnType<typeof watchedReaders>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reading-'));
  mixpanel = await FakeMixpanel.start();
  readers = watchedReaders();
  service = await RunningService.start({ MIXPANEL_API_URL: mixpanel.url }, readers);
});
afterEach(async () => {
  await service[Symbol.asyncDispose]();
  await mixpanel[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const post = (path: string, body?: unknown) =>
  fetch(service.service.url + path, {
    method: 'POST',
    headers: { ...asOperator, 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  });

/** Starts a back-fill of so many events, 2,000 in a file. Resolves to their IDs. */
async function backfill(count: number): Promise<string[]> {
  const random = seededRandom(1);
  const entry = catalogue2026_07.byType.get(type)!;
  const time = Math.floor(Date.now() / 1_000) - 3_600;
  const events = Array.from({ length: count }, (_, index) =>
    sampleEvent(entry, { random, time, externalUserId: `user-${index}` }),
  );
  for (let from = 0; from < count; from += 2_000)
    await writeFile(
      join(folder, `${from}.avro`),
      await writeCurrentsFile(type, events.slice(from, from + 2_000)),
    );
  expect((await post('/api/backfills', { source: folder })).status).toBe(201);
  return events.map(({ id }) => id);
}

const until = (wanted: (job: BackfillJson) => boolean): Promise<BackfillJson> =>
  vi.waitFor(
    async () => {
      const job = await showBackfill(service, 1);
      if (!wanted(job)) throw new Error(`${job.state}: ${job.problem}, ${job.report.events.accepted}`);
      return job;
    },
    { timeout: 60_000, interval: 5 },
  );

/** Numbers of the threads that run; -1 is that of one which has ended. */
const running = () => readers.workers.map(({ threadId }) => threadId).filter(id => id !== -1);
const ended = () => vi.waitFor(() => expect(running()).toEqual([]));

it('A back-fill whose reading thread is killed accepts each event once, and delivers all of them', {
  timeout: 120_000,
}, async () => {
  const ids = await backfill(16_000);
  let accepted = 0;
  for (let kill = 0; kill < 3; kill++) {
    const { report } = await until(job => job.report.events.accepted > accepted || job.state === 'done');
    accepted = report.events.accepted;
    await readers.workers.at(-1)?.terminate();
  }
  const { report, delivery } = await until(job => job.state === 'done' && job.delivery.pending === 0);
  expect(report.events.accepted).toBe(ids.length);
  expect(delivery).toMatchObject({ accepted: ids.length, imported: ids.length });
  expect(new Set(mixpanel.unique.keys())).toEqual(new Set(ids));
});

it('A job has one reading thread, which ends with it, and an idle service has none', async () => {
  expect(readers.workers).toEqual([]);
  await backfill(10);
  await until(({ state }) => state === 'done');
  await ended();
  expect(readers.workers.length).toBe(1);
});

it.each(['pause', 'cancel'])(
  'The reading thread of a job ends after %s, also while its queue is full',
  async verb => {
    mixpanel.behaviour = answers(503);
    await backfill(30_000);
    await until(({ report }) => report.events.accepted > 20_000);
    expect((await post(`/api/backfills/1/${verb}`)).status).toBe(200);
    await ended();
    expect(await showBackfill(service, 1)).toMatchObject({
      state: verb === 'pause' ? 'paused' : 'cancelled',
      report: { events: { accepted: 22_000 } },
    });
  },
);

it('The reading thread of a running job ends with the service', async () => {
  mixpanel.behaviour = answers(503);
  await backfill(30_000);
  await until(({ report }) => report.events.accepted > 20_000);
  expect(running().length).toBe(1);
  await service.service.close();
  expect(running()).toEqual([]);
});
