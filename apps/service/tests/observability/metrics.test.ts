import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStorage, StorageError } from '@braze-mixpanel/storage';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { emailSend, emails } from '../../src/testing/events.ts';
import { answers, FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { RunningService } from '../../src/testing/running-service.ts';
import { Scrape } from '../../src/testing/scrape.ts';

const scrapeOf = async (service: RunningService) => new Scrape(await (await service.get('/metrics')).text());
const refusedTypes = { ...emailSend(), event_type: 'users.of.tomorrow' };
const anonymous = () => emailSend({ user: { user_id: 'somebody' } });

it('every event is in exactly one of the counters, before and after a restart', async () => {
  await using mixpanel = await FakeMixpanel.start();
  const folder = await mkdtemp(join(tmpdir(), 'metrics-'));
  const environment = {
    MIXPANEL_API_URL: mixpanel.url,
    STORAGE_URL: `sqlite:${join(folder, 'service.db')}`,
  };
  const events = { connection: 'default' };
  const check = (scrape: Scrape) => {
    expect(scrape.value('braze_mixpanel_events_accepted_total', events)).toBe(7);
    expect(scrape.value('braze_mixpanel_events_imported_total', events)).toBe(5);
    const skipped = { ...events, reason: 'no_external_user_id' };
    expect(scrape.value('braze_mixpanel_events_skipped_total', skipped)).toBe(1);
    const dead = { ...events, reason: 'unknown_event_type' };
    expect(scrape.value('braze_mixpanel_dead_letters', dead)).toBe(1);
    expect(scrape.value('braze_mixpanel_dead_letters', { ...events, reason: 'too_large' })).toBe(0);
    expect(scrape.value('braze_mixpanel_backlog_events', events)).toBe(0);
    expect(scrape.value('braze_mixpanel_storage_free_bytes', { storage: 'sqlite' })).toBeGreaterThan(0);
  };
  try {
    await using first = await RunningService.start(environment);
    await first.post({ events: [...emails(5), anonymous(), refusedTypes] });
    await first.settled();
    check(await scrapeOf(first));
    check(await scrapeOf(first));
    await first.service.close();
    await using second = await RunningService.start(environment);
    check(await scrapeOf(second));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it('requests of Braze are counted by outcome, and no request can create a label', async () => {
  await using mixpanel = await FakeMixpanel.start();
  await using service = await RunningService.start({ MIXPANEL_API_URL: mixpanel.url });
  await service.post({ events: emails(2) });
  await service.post({ events: [] });
  await service.post({ events: emails(1) }, { headers: { authorization: 'Bearer wrong-token' } });
  await service.post({ events: emails(1) }, { path: '/currents/made-up-by-a-stranger' });
  const scrape = await scrapeOf(service);
  const requests = (labels: Record<string, string>) =>
    scrape.value('braze_mixpanel_currents_request_duration_seconds_count', labels);
  expect(requests({ connection: 'default', answer: 'accepted' })).toBe(2);
  expect(requests({ connection: 'default', answer: 'token_refused' })).toBe(1);
  expect(requests({ connection: '', answer: 'unknown_connection' })).toBe(1);
  expect(scrape.text).not.toContain('stranger');
  expect(scrape.value('braze_mixpanel_currents_batches_total', { connection: 'default' })).toBe(1);
});

it('requests of an unknown version of Currents are accepted, counted, and logged once per value', async () => {
  await using mixpanel = await FakeMixpanel.start();
  const lines: string[] = [];
  const logger = pino({ level: 'warn' }, { write: line => lines.push(line) });
  await using service = await RunningService.start({ MIXPANEL_API_URL: mixpanel.url }, { logger });
  const counted = async () =>
    (await scrapeOf(service)).value('braze_mixpanel_currents_unknown_version_total', {
      connection: 'default',
    });
  await service.post({ events: emails(1) });
  expect(await counted()).toBe(0);
  for (const version of ['2', '2', '3']) {
    const headers = { 'braze-currents-version': version };
    expect((await service.post({ events: emails(1) }, { headers })).status).toBe(200);
  }
  const unauthorized = { 'braze-currents-version': '4', authorization: 'Bearer wrong-token' };
  await service.post({ events: emails(1) }, { headers: unauthorized });
  expect(await counted()).toBe(3);
  const logged = lines
    .map(line => JSON.parse(line))
    .filter(({ code }) => code === 'currents_version_unknown');
  expect(logged.map(({ version }) => version)).toEqual(['2', '3']);
});

it('a backlog, the state of delivery and refused credentials are in the metrics while they last', async () => {
  await using mixpanel = await FakeMixpanel.start();
  mixpanel.behaviour = answers(401);
  await using service = await RunningService.start({ MIXPANEL_API_URL: mixpanel.url, DELIVERY_PARK: '20ms' });
  await service.post({ events: emails(3) });
  await service.until(({ delivery }) => delivery?.state === 'parked');
  const during = await scrapeOf(service);
  const connection = 'default';
  expect(during.value('braze_mixpanel_backlog_events', { connection })).toBe(3);
  expect(during.value('braze_mixpanel_backlog_bytes', { connection })).toBeGreaterThan(100);
  expect(during.value('braze_mixpanel_delivery_state', { connection, state: 'parked' })).toBe(1);
  expect(during.value('braze_mixpanel_credentials_refused', { connection, by: 'mixpanel_import' })).toBe(1);
  mixpanel.plays();
  await service.settled();
  await service.until(({ delivery }) => delivery?.state === 'idle');
  const after = await scrapeOf(service);
  expect(after.value('braze_mixpanel_credentials_refused', { connection, by: 'mixpanel_import' })).toBe(0);
  expect(
    after.value('braze_mixpanel_import_request_duration_seconds_count', { connection, answer: '200' }),
  ).toBe(1);
});

it('unavailable storage leaves the metrics of the process, and not ready', async () => {
  await using mixpanel = await FakeMixpanel.start();
  let away = false;
  await using service = await RunningService.start(
    { MIXPANEL_API_URL: mixpanel.url },
    {
      openStorage: async url => {
        const storage = await openStorage(url);
        const counts = () =>
          away
            ? Promise.reject(new StorageError('unavailable', 'Nobody answers.'))
            : storage.journal.counts();
        return { ...storage, journal: { ...storage.journal, counts } };
      },
    },
  );
  await service.post({ events: emails(1) });
  await service.settled();
  away = true;
  const scrape = await scrapeOf(service);
  expect(scrape.value('braze_mixpanel_ready')).toBe(0);
  expect(scrape.value('braze_mixpanel_currents_batches_total')).toBe(1);
  expect(scrape.value('braze_mixpanel_events_accepted_total')).toBeUndefined();
});
