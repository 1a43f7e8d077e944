import { type RunningMockMixpanel, startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { createClock } from '@braze-mixpanel/simulator-kit';
import { afterEach, describe, expect, it } from 'vitest';
import type { ConnectionConfig } from '../../src/config/config.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { asking } from '../../src/doctor/ask.ts';
import { checkExport } from '../../src/doctor/mixpanel-checks.ts';
import type { Comparison } from '../../src/reconcile/compare.ts';
import { Exports } from '../../src/reconcile/exports.ts';
import { batchOf, emailSend, emails } from '../../src/testing/events.ts';
import { accountSettings } from '../../src/testing/mixpanel-account.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

const west = 'America/Los_Angeles';
const east = 'Pacific/Auckland';
let mixpanel: RunningMockMixpanel;
afterEach(() => mixpanel.close());

/** A project created before 2023 in this zone, and the settings of a connection to it. */
async function project(timeZone: string, start?: string) {
  const clock = start === undefined ? createClock() : createClock({ start: Date.parse(start), frozen: true });
  mixpanel = await startMockMixpanel({ clock, settings: { timeZone } });
  return {
    ...accountSettings(mixpanel.url),
  };
}

const options = (now: number) => ({
  ...{ fetch, timeoutMs: 10_000 },
  withoutSecrets: (text: string) => text,
  now: () => now,
});

const connectionOf = (environment: Record<string, string>): ConnectionConfig =>
  readConfig({ environment }).connections[0]!;

describe.each([
  ['a day behind UTC', west, '2026-02-01T03:00:00Z'],
  ['on the day of UTC', west, '2026-02-01T12:00:00Z'],
  ['a day ahead of UTC', east, '2026-01-31T20:00:00Z'],
  ['on the day of UTC', east, '2026-01-31T02:00:00Z'],
  ['as UTC', 'UTC', '2026-01-31T00:00:00Z'],
])('where today is %s (%s at %s)', (_, timeZone, start) => {
  const now = Date.parse(start);
  const day = start.slice(0, 10);

  it('the raw export of the day is read up to the present moment', async () => {
    const environment = { ...(await project(timeZone, start)), MIXPANEL_PROJECT_TIMEZONE: timeZone };
    const times = [now / 1_000, Date.parse(day) / 1_000, Date.parse(day) / 1_000 - 1];
    const events = times.map((time, index) => ({
      event: 'Email Send',
      properties: { time, distinct_id: 'ada', $insert_id: `e-${index}` },
    }));
    const imported = await mixpanel.simulator.dispatch({
      ...{ method: 'POST', path: '/import', query: new URLSearchParams({ api_key: 'mixpanel-secret' }) },
      headers: { 'content-type': 'application/json' },
      readBody: async () => new TextEncoder().encode(JSON.stringify(events)),
    });
    expect(imported).toMatchObject({ status: 200 });
    const exports = new Exports(options(now));
    const found: number[] = [];
    await exports.read(connectionOf(environment), { from: day, to: day, names: ['Email Send'] }, ({ time }) =>
      found.push(time),
    );
    expect(new Set(found)).toEqual(new Set(times.slice(0, 2)));
  });

  it('doctor finds the raw export readable', async () => {
    const environment = { ...(await project(timeZone, start)), MIXPANEL_PROJECT_TIMEZONE: timeZone };
    const found = await checkExport(connectionOf(environment).mixpanel, asking(options(now)), now);
    expect(found).toMatchObject({ result: 'ok' });
  });
});

describe('without the setting, where today is a day behind UTC', () => {
  const start = '2026-02-01T03:00:00Z';

  it('compare and doctor name the setting', async () => {
    const connection = connectionOf(await project(west, start));
    const exports = new Exports(options(Date.parse(start)));
    const days = { from: '2026-01-31', to: '2026-01-31', names: ['Email Send'] };
    await expect(exports.read(connection, days, () => {})).rejects.toMatchObject({
      code: 'compare_wrong_time_zone',
      message: expect.stringContaining('MIXPANEL_PROJECT_TIMEZONE'),
    });
    const found = await checkExport(
      connection.mixpanel,
      asking(options(Date.parse(start))),
      Date.parse(start),
    );
    expect(found.next).toContain('MIXPANEL_PROJECT_TIMEZONE');
  });
});

it('compare and doctor advise to unset a zone ahead of UTC, where the export of the project is in UTC', async () => {
  const start = '2026-01-31T20:00:00Z';
  const environment = { ...(await project('UTC', start)), MIXPANEL_PROJECT_TIMEZONE: east };
  const { mixpanel: account, ...connection } = connectionOf(environment);
  const advice = `MIXPANEL_PROJECT_TIMEZONE is ${east}. `;
  const exports = new Exports(options(Date.parse(start)));
  const days = { from: '2026-01-31', to: '2026-01-31', names: ['Email Send'] };
  const read = exports.read({ ...connection, mixpanel: account }, days, () => {});
  await expect(read).rejects.toMatchObject({
    code: 'compare_wrong_time_zone',
    message: expect.stringMatching(
      /Unset it if the project was created in 2023 or later.* is Pacific\/Auckland\./,
    ),
  });
  const found = await checkExport(account, asking(options(Date.parse(start))), Date.parse(start));
  expect(found.next).toContain(`${advice}Unset it if the project was created in 2023 or later`);
});

describe.each([west, east, 'UTC'])('with a project in %s', timeZone => {
  it('a comparison agrees', async () => {
    const environment = { ...(await project(timeZone)), MIXPANEL_PROJECT_TIMEZONE: timeZone };
    await using running = await RunningService.start(environment);
    await running.post(batchOf(...emails(20)));
    await running.settled();
    const answer = await running.get('/api/compare?from=2023-11-14&to=2023-11-14', asOperator);
    expect((await answer.json()) as Comparison).toMatchObject({
      agrees: true,
      days: [{ day: '2023-11-14', ours: 20, mixpanelUnique: 20 }],
    });
  });

  it('a cut-over recognises the events of another sender', async () => {
    const settings = { MIXPANEL_PROJECT_TIMEZONE: timeZone, DELIVERY_MODE: 'hold' };
    const environment = { ...(await project(timeZone)), ...settings };
    await using running = await RunningService.start(environment);
    const time = Math.floor(Date.now() / 1_000) - 3_600;
    const row = { time, distinct_id: 'ada', $insert_id: 'native' };
    const imported = await fetch(`${mixpanel.url}/import?api_key=mixpanel-secret`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ event: 'Email Send', properties: row }]),
    });
    expect(imported.status).toBe(200);
    await running.post({ events: [emailSend({ time, user: { external_user_id: 'ada' } })] });
    const answer = await fetch(`${running.service.url}/api/handover`, {
      method: 'POST',
      headers: asOperator,
      body: '{}',
    });
    expect(await answer.json()).toMatchObject({ waiting: 1, alreadyThere: 1 });
  });
});
