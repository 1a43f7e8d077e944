import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CurrentsEvent } from '@braze-mixpanel/core/currents';
import { writeCurrentsFile } from '@braze-mixpanel/currents-files';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { backfillReport } from '../../src/cli/backfill-report.ts';
import { endedBackfill, requestBackfill } from '../../src/testing/backfills.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { RunningService } from '../../src/testing/running-service.ts';

const open = 'users.messages.email.Open';
const send = 'users.messages.email.Send';
const click = 'users.messages.email.Click';
const day = '2026-05-04';
const noon = Date.parse(`${day}T12:00:00Z`) / 1_000;

let folder: string;
let mixpanel: FakeMixpanel;
let service: RunningService;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dry-run-'));
  mixpanel = await FakeMixpanel.start();
  service = await RunningService.start({
    MIXPANEL_API_URL: mixpanel.url,
    MIXPANEL_PRICE_PER_MILLION: '280',
  });
});
afterEach(async () => {
  await service[Symbol.asyncDispose]();
  await mixpanel[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

let ids = 0;
const event = (type: string, changed: Partial<CurrentsEvent> = {}): CurrentsEvent => ({
  event_type: type,
  id: `event-${++ids}`,
  time: noon,
  user: { user_id: 'b', external_user_id: `u-${ids}` },
  properties: {},
  ...changed,
});

const put = async (name: string, type: string, events: CurrentsEvent[]) =>
  writeFile(join(folder, name), await writeCurrentsFile(type, events));

const request = (body: object) => requestBackfill(service, { source: folder, ...body });
const ended = (body: object) => endedBackfill(service, { source: folder, ...body });

it('A dry run counts what a back-fill would send, and sends and keeps nothing', async () => {
  await put('opens.avro', open, [event(open), event(open), event(open, { time: noon + 86_400 })]);
  await put('sends.avro', send, [event(send), event(send, { user: { user_id: 'b' } })]);
  const job = await ended({ dryRun: true });
  expect(job).toMatchObject({
    isDryRun: true,
    report: { files: { read: 2 }, events: { accepted: 5 } },
    delivery: { accepted: 0 },
    dryRun: {
      byEvent: [
        { event: 'Email Open', inFiles: 3, counted: 0, isBilled: true },
        { event: 'Email Send', inFiles: 1, counted: 0, isBilled: false },
      ],
      byDay: [
        { day, event: 'Email Open', inFiles: 2 },
        { day, event: 'Email Send', inFiles: 1 },
        { day: '2026-05-05', event: 'Email Open', inFiles: 1 },
      ],
      skipped: { no_external_user_id: 1 },
      ...{ deadLettered: {}, events: 4, billed: 3, pricePerMillion: 280 },
    },
  });
  expect(job.dryRun?.cost).toBeCloseTo((3 * 280) / 1_000_000);
  expect(mixpanel.stored).toEqual([]);
  const real = await ended({});
  expect(real).toMatchObject({
    report: { files: { read: 2, already: 0 } },
    delivery: { accepted: 5, imported: job.dryRun?.events, skipped: job.dryRun?.skipped },
  });
});

it('A dry run shows how many events of the same days were delivered already', async () => {
  const delivered = [event(open), event(open)];
  await service.post({ events: delivered });
  await service.settled();
  await put('opens.avro', open, [...delivered, event(open)]);
  expect((await ended({ dryRun: true })).dryRun).toMatchObject({
    byEvent: [{ event: 'Email Open', inFiles: 3, counted: 2 }],
  });
  await ended({});
  expect(mixpanel.unique.size).toBe(3);
  expect((await ended({ dryRun: true })).report.files).toMatchObject({ read: 0, already: 1 });
});

it('A dry run names unknown event types and what would become dead letters', async () => {
  const unknown = 'users.messages.fax.Send';
  await mkdir(join(folder, `event_type=${unknown}`));
  await put(`event_type=${unknown}/fax.avro`, open, [event(open), event(open)]);
  await put('open.avro', open, [event(open, { id: '' })]);
  const { dryRun } = await ended({ dryRun: true });
  expect(dryRun).toMatchObject({
    deadLettered: { unknown_event_type: 2, invalid_id: 1 },
    unlisted: [{ kind: 'event_type', name: unknown }],
    ...{ events: 0, billed: 0, cost: 0, byEvent: [], byDay: [] },
  });
});

it('A dry run names records over 1 MB, and events that the connection does not select', async () => {
  await using selective = await RunningService.start({
    MIXPANEL_API_URL: mixpanel.url,
    CURRENTS_EVENTS: 'Email Open',
  });
  await put('large.avro', open, [
    event(open),
    event(open, { properties: { link_url: 'x'.repeat(1_200_000), user_agent: 'y'.repeat(1_200_000) } }),
  ]);
  await put('sends.avro', send, [event(send)]);
  const job = await endedBackfill(selective, { source: folder, dryRun: true });
  expect(job.dryRun).toMatchObject({
    events: 1,
    skipped: { not_selected: 1 },
    deadLettered: { too_large: 1 },
  });
});

it('Events that are not selected or are excluded are skipped by reason, and properties that the catalogue lacks are named', async () => {
  const other = `sqlite:${join(folder, 'other.db')}`;
  await using selective = await RunningService.start({
    MIXPANEL_API_URL: mixpanel.url,
    ...{ STORAGE_URL: other, CURRENTS_EVENTS: 'Email Open, Email Click', CURRENTS_EXCLUDE: 'Email Click' },
  });
  const bytes = await writeCurrentsFile(open, [event(open, { properties: { user_agent: 'x' } })]);
  const renamed = bytes.toString('latin1').replace('"name":"user_agent"', '"name":"user_agenz"');
  const files = await mkdtemp(join(folder, 'files-'));
  await writeFile(join(files, 'opens.avro'), Buffer.from(renamed, 'latin1'));
  await writeFile(join(files, 'sends.avro'), await writeCurrentsFile(send, [event(send)]));
  await writeFile(join(files, 'clicks.avro'), await writeCurrentsFile(click, [event(click), event(click)]));
  const skipped = { not_selected: 1, excluded: 2 };
  expect(await endedBackfill(selective, { source: files, dryRun: true })).toMatchObject({
    dryRun: {
      skipped,
      events: 1,
      unlisted: [{ kind: 'property', name: expect.stringContaining('user_agenz') }],
    },
  });
  const { delivery } = await endedBackfill(selective, { source: files });
  expect(delivery).toMatchObject({ accepted: 4, imported: 1, skipped });
});

it('The price of the request goes first, and is refused without a dry run', async () => {
  await put('opens.avro', open, [event(open)]);
  expect((await ended({ dryRun: true, pricePerMillion: 1_000_000 })).dryRun?.cost).toBe(1);
  const response = await request({ pricePerMillion: 5 });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { message: expect.stringContaining('pricePerMillion is only for a dry run') },
  });
});

it('The report of a dry run fits 80 columns and says that nothing was sent', async () => {
  await put('opens.avro', open, [event(open), event(open, { id: '' })]);
  const text = backfillReport(await ended({ dryRun: true }));
  expect(text).toContain('1 event would be sent. Mixpanel bills 1 of them');
  expect(text.replaceAll(/\s+/g, ' ')).toContain('Nothing was sent.');
  expect(text.split('\n').filter(line => line.length > 80)).toEqual([]);
});
