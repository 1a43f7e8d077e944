import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CurrentsEvent } from '@braze-mixpanel/core/currents';
import { writeCurrentsFile } from '@braze-mixpanel/currents-files';
import { type RunningMockMixpanel, startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { backfillReport } from '../../src/cli/backfill-report.ts';
import { endedBackfill, requestBackfill } from '../../src/testing/backfills.ts';
import { accountSettings, importNatively } from '../../src/testing/mixpanel-account.ts';
import { RunningService } from '../../src/testing/running-service.ts';

const open = 'users.messages.email.Open';
const dayMs = 86_400_000;
const day = (ago: number) => new Date(Date.now() - ago * dayMs).toISOString().slice(0, 10);
const timeOn = (ago: number, hour: number) =>
  Date.parse(`${day(ago)}T${String(hour).padStart(2, '0')}:30:00Z`) / 1_000;

let folder: string;
let mixpanel: RunningMockMixpanel;
let service: RunningService;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gaps-'));
  mixpanel = await startMockMixpanel();
  service = await RunningService.start(accountSettings(mixpanel.url));
});
afterEach(async () => {
  await service[Symbol.asyncDispose]();
  await mixpanel.close();
  await rm(folder, { recursive: true });
});

let ids = 0;
const events = (count: number, time: number): CurrentsEvent[] =>
  Array.from({ length: count }, () => ({
    event_type: open,
    id: `event-${++ids}`,
    time,
    user: { user_id: 'b', external_user_id: `u-${ids}` },
    properties: {},
  }));

const put = async (name: string, of: CurrentsEvent[]) =>
  writeFile(join(folder, name), await writeCurrentsFile(open, of, { blockSize: 1_000 }));

async function deliver(of: CurrentsEvent[]): Promise<void> {
  await service.post({ events: of });
  await service.settled();
}

const search = (body: object) => ({ source: folder, from: day(5), gaps: 'suspect_days', ...body });
const request = (body: object) => requestBackfill(service, search(body));
const ended = (body: object = {}) => endedBackfill(service, search(body));

async function uniqueIds(): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const page of mixpanel.model.events.readUnique())
    for (const { properties } of page) found.push(properties.$insert_id);
  return found;
}

it('Only the events that Mixpanel lacks are brought in, and named by hour', async () => {
  const [whole, before, lost, late] = [
    events(20, timeOn(4, 9)),
    events(15, timeOn(3, 9)),
    events(8, timeOn(3, 10)),
    events(2, timeOn(3, 14)),
  ];
  await put('whole.avro', whole);
  await put('partly.avro', [...before, ...lost, ...late]);
  await deliver([...whole, ...before]);
  const job = await ended();
  expect(job).toMatchObject({
    ...{ state: 'done', isSearchForGaps: true, isDryRun: false },
    report: { events: { accepted: 10 }, byType: { [open]: 10 } },
    delivery: { accepted: 10, imported: 10 },
    gaps: {
      suspects: [{ day: day(3), event: 'Email Open', inFiles: 25, counted: 15 }],
      ...{ checkedDays: 1, present: 15, underAnotherId: 0, moreMissing: 0, notCompared: 20 },
      missing: [
        { hour: `${day(3)}T10`, event: 'Email Open', count: 8 },
        { hour: `${day(3)}T14`, event: 'Email Open', count: 2 },
      ],
    },
  });
  expect(mixpanel.model.events.raw).toBe(45);
  expect((await uniqueIds()).length).toBe(45);
  const again = await ended();
  expect(again).toMatchObject({
    report: { events: { accepted: 0 } },
    gaps: { suspects: [], notCompared: 45 },
  });
  expect(mixpanel.model.events.raw).toBe(45);
});

it('A dry run names what is missing and brings in nothing', async () => {
  const [there, lost] = [events(5, timeOn(3, 9)), events(4, timeOn(3, 11))];
  await put('a.avro', [...there, ...lost]);
  await deliver(there);
  const job = await ended({ dryRun: true });
  expect(job).toMatchObject({
    gaps: { missing: [{ hour: `${day(3)}T11`, event: 'Email Open', count: 4 }] },
    delivery: { accepted: 0 },
  });
  expect(mixpanel.model.events.raw).toBe(5);
  const text = backfillReport(job);
  expect(text.replaceAll(/\s+/g, ' ')).toContain(
    '1 of 1 suspect day compared with Mixpanel: 4 events are missing and were only named: run the command without --dry-run to send them; 5 are in Mixpanel.',
  );
  expect(text.split('\n').filter(line => line.length > 80)).toEqual([]);
});

it('A day on which events were delivered again is compared, so that these hide no missing event', async () => {
  const [there, lost] = [events(5, timeOn(3, 9)), events(2, timeOn(3, 9))];
  await put('a.avro', [...there, ...lost]);
  await deliver(there);
  await deliver(there);
  expect(await ended()).toMatchObject({
    gaps: { suspects: [{ inFiles: 7, counted: 10 }], present: 5, missing: [{ count: 2 }], notCompared: 0 },
    report: { events: { accepted: 2 } },
  });
  expect(await uniqueIds()).toHaveLength(7);
});

it('A copy of an event in the files is no second event, and hides no missing one', async () => {
  const [there, lost] = [events(5, timeOn(3, 9)), events(2, timeOn(3, 9))];
  await put('a.avro', [...there, ...lost]);
  await put('b.avro', [there[0]!, there[1]!, lost[0]!]);
  await deliver(there);
  await deliver(there);
  expect(await ended()).toMatchObject({
    gaps: { suspects: [{ inFiles: 7, counted: 10 }], present: 5, missing: [{ count: 2 }], copies: 3 },
    report: { events: { accepted: 2 } },
  });
  expect(mixpanel.model.events.raw).toBe(12);
});

it('Events that were lost while as many were sent twice are not called present, and are found when every day is compared', async () => {
  const [there, lost] = [events(5, timeOn(3, 9)), events(2, timeOn(3, 9))];
  await put('a.avro', [...there, ...lost]);
  await deliver(there);
  await deliver(there.slice(0, 2));
  const job = await ended();
  expect(job.gaps).toMatchObject({ suspects: [], checkedDays: 0, present: 0, notCompared: 7 });
  expect(backfillReport(job).replaceAll(/\s+/g, ' ')).toContain(
    'Whether any of the 7 events that were not compared are missing is not known: an event that was delivered twice hides a missing one. --every-day compares every day with Mixpanel.',
  );
  expect(await ended({ gaps: 'every_day' })).toMatchObject({
    gaps: { present: 5, missing: [{ count: 2 }], notCompared: 0 },
    report: { events: { accepted: 2 } },
  });
});

it('A back-fill after a search reads the files again, which the report says, and doubles nothing', async () => {
  const [there, lost] = [events(5, timeOn(3, 9)), events(2, timeOn(3, 9))];
  await put('a.avro', [...there, ...lost]);
  await deliver(there);
  expect(backfillReport(await ended()).replaceAll(/\s+/g, ' ')).toContain(
    'A search marks no file as read, so a later back-fill without --gaps reads these files again and sends all of their events.',
  );
  expect(await ended({ gaps: undefined })).toMatchObject({
    report: { files: { read: 1, already: 0 }, events: { accepted: 7 } },
  });
  expect(await uniqueIds()).toHaveLength(7);
});

it('Events that the native integration delivered are left out, and the rest of the day is brought in', async () => {
  const [native, lost] = [events(6, timeOn(3, 9)), events(3, timeOn(3, 9))];
  await put('a.avro', [...native, ...lost]);
  await importNatively(
    mixpanel.url,
    native.map(({ time, user }) => ({
      event: 'Email Open',
      properties: { time, distinct_id: (user as { external_user_id: string }).external_user_id },
    })),
  );
  const job = await ended();
  expect(job).toMatchObject({ gaps: { underAnotherId: 6, present: 0 }, report: { events: { accepted: 3 } } });
  expect(mixpanel.model.events.raw).toBe(9);
  expect(backfillReport(job).replaceAll(/\s+/g, ' ')).toContain(
    '6 events are in Mixpanel under another $insert_id and were left out',
  );
});

it('Two events of one user in the same second are two events, of which one can be missing', async () => {
  const [first, second] = events(2, timeOn(3, 9)).map(event => ({
    ...event,
    user: { external_user_id: 'u' },
  }));
  await put('a.avro', [first!, second!]);
  await deliver([first!]);
  expect(await ended()).toMatchObject({ gaps: { present: 1, underAnotherId: 0, missing: [{ count: 1 }] } });
});

it('A search fails with a sentence when the raw export is refused, and brings in nothing', async () => {
  await put('a.avro', events(3, timeOn(3, 9)));
  await fetch(`${mixpanel.url}/_sim/faults`, {
    method: 'POST',
    body: JSON.stringify({ route: 'export', kind: 'status', status: 401, times: 1 }),
  });
  expect(await ended()).toMatchObject({
    state: 'failed',
    problem: expect.stringMatching(/credentials.*\.$/),
  });
  expect(mixpanel.model.events.raw).toBe(0);
});

it.each([
  ['no start', { from: undefined }, 400, /needs from \(--from\), at most 100 days before to/],
  [
    'a long time',
    { from: '2025-01-01', to: '2025-11-25' },
    400,
    /takes at most 100 days at a time, and these are 329\. Choose a later from/,
  ],
  [
    'a long time without an end',
    { from: day(399) },
    400,
    /these are 400 until now, since to \(--to\) is missing/,
  ],
  ['another choice of days', { gaps: 'some' }, 400, /gaps/],
])('A search for gaps is refused with %s', async (_what, body, status, message) => {
  const response = await request(body);
  expect(response.status).toBe(status);
  expect(((await response.json()) as { error: { message: string } }).error.message).toMatch(message);
});

it('A search for gaps is refused where Mixpanel cannot be read', async () => {
  await using other = await RunningService.start({ MIXPANEL_API_URL: mixpanel.url });
  const response = await requestBackfill(other, search({ gaps: 'every_day' }));
  expect(response.status).toBe(409);
  expect(await response.json()).toMatchObject({ error: { code: 'compare_not_configured' } });
});
