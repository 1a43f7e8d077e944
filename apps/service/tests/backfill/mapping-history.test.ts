import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { CurrentsEvent } from '@braze-mixpanel/core/currents';
import { writeCurrentsFile } from '@braze-mixpanel/currents-files';
import { openStorage } from '@braze-mixpanel/storage';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { epochMs } from '../../src/clock/index.ts';
import { endedBackfill, requestBackfill } from '../../src/testing/backfills.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { RunningService } from '../../src/testing/running-service.ts';

/** Its name in Mixpanel differs between the two catalogue versions. */
const type = 'users.messages.inappmessage.Click';
const hourMs = 3_600_000;
const start = Date.UTC(2026, 4, 1, 10);

let folder: string;
let mixpanel: FakeMixpanel;
let now: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'history-'));
  mixpanel = await FakeMixpanel.start();
  now = start;
});
afterEach(async () => {
  await mixpanel[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const startService = (environment: Record<string, string> = {}) =>
  RunningService.start({ MIXPANEL_API_URL: mixpanel.url, ...environment }, { now: () => epochMs(now) });

let ids = 0;
/** Events of the present moment, delivered over HTTP, and the file of the same hour. */
async function deliver(service: RunningService): Promise<void> {
  const events: CurrentsEvent[] = Array.from({ length: 3 }, () => ({
    ...{ event_type: type, id: `event-${++ids}`, time: now / 1_000 - 5 },
    ...{ user: { external_user_id: 'u' }, properties: { card_id: 'c', device_model: 'Pixel' } },
  }));
  await service.post({ events });
  await service.settled();
  const hour = new Date(now).toISOString().slice(0, 13).replace('T', '-');
  const path = join(folder, `event_type=${type}`, `date=${hour}`, `${ids}.avro`);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, await writeCurrentsFile(type, events));
}

const request = (service: RunningService) => requestBackfill(service, { source: folder });
const backfill = (service: RunningService, body: object = {}) =>
  endedBackfill(service, { source: folder, ...body });

/** What Mixpanel recognizes an event by. */
const identities = () =>
  new Set(
    mixpanel.stored.map(({ event, properties: { $insert_id, time, distinct_id } }) =>
      JSON.stringify([event, time, distinct_id, $insert_id]),
    ),
  );

it('Back-filled events have the names that were in force when they arrived, through two changes', async () => {
  await using service = await startService();
  await deliver(service);
  now += 2 * hourMs;
  expect(await service.reload({ CURRENTS_GENERATION: '2026-07' })).toBe(true);
  now += hourMs;
  await deliver(service);
  now += hourMs;
  expect(await service.reload({ CURRENTS_NAMES: JSON.stringify({ [type]: 'Tapped' }) })).toBe(true);
  now += hourMs;
  await deliver(service);
  const overHttp = identities();
  expect(overHttp.size).toBe(9);
  expect(new Set(mixpanel.stored.map(({ event }) => event)).size).toBeGreaterThan(1);
  const { delivery } = await backfill(service);
  expect(delivery).toMatchObject({ accepted: 9, imported: 9 });
  expect(identities()).toEqual(overHttp);
});

it('No event is accepted under the options of a reload before they are in the history', async () => {
  let whileWriting = async () => {};
  await using service = await RunningService.start(
    { MIXPANEL_API_URL: mixpanel.url },
    {
      now: () => epochMs(now),
      openStorage: async url => {
        const storage = await openStorage(url);
        const add: typeof storage.mappingHistory.add = async (...entry) => {
          await whileWriting();
          await storage.mappingHistory.add(...entry);
        };
        return { ...storage, mappingHistory: { ...storage.mappingHistory, add } };
      },
    },
  );
  whileWriting = () => deliver(service);
  now += hourMs;
  expect(await service.reload({ CURRENTS_NAMES: JSON.stringify({ [type]: 'Tapped' }) })).toBe(true);
  expect(mixpanel.stored).toHaveLength(3);
  expect(mixpanel.stored.map(({ event }) => event)).not.toContain('Tapped');
  await deliver(service);
  expect(mixpanel.stored.filter(({ event }) => event === 'Tapped')).toHaveLength(3);
});

it('Events from before a history that began with an upgrade need a choice, and later ones do not', async () => {
  const file = join(folder, '.service.db');
  const environment = { CURRENTS_GENERATION: '2026-07', STORAGE_URL: `sqlite:${file}` };
  {
    await using former = await startService(environment);
    await deliver(former);
  }
  // As a release leaves it that keeps no history.
  const database = new DatabaseSync(file);
  database.exec('DELETE FROM mapping_history');
  database.close();
  now += 24 * hourMs;
  await using service = await startService(environment);
  await deliver(service);
  const refused = await request(service);
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({
    error: {
      code: 'backfill_mapping_unknown',
      message: expect.stringMatching(
        /known from 2026-05-02T10:00:00.000Z on\..*--mapping-before\): present or oldest\./,
      ),
    },
  });
  expect(await backfill(service, { from: '2026-05-02T10:00:00Z' })).toMatchObject({
    report: { events: { accepted: 0 } },
  });
  // Both of them: a choice of events is another search of the files.
  expect(await backfill(service, { mappingBefore: 'present' })).toMatchObject({
    report: { events: { accepted: 6 } },
  });
});

it('A new installation needs no choice, since it has delivered nothing before', async () => {
  await using service = await startService();
  const old = start / 1_000 - 30 * 86_400;
  const events = [
    { event_type: type, id: 'old', time: old, user: { external_user_id: 'u' }, properties: {} },
  ];
  await writeFile(join(folder, 'old.avro'), await writeCurrentsFile(type, events));
  await service.post({ events });
  await service.settled();
  expect(await backfill(service)).toMatchObject({ report: { events: { accepted: 1 } } });
  expect(identities().size).toBe(1);
});
