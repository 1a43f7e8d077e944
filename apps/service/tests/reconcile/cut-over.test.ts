import { type RunningMockMixpanel, startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emailSend } from '../../src/testing/events.ts';
import { accountSettings, importNatively } from '../../src/testing/mixpanel-account.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

let mixpanel: RunningMockMixpanel;
let running: RunningService;
const environment = (mode: 'hold' | 'live') => ({
  DELIVERY_MODE: mode,
  ...accountSettings(mixpanel.url),
});
beforeEach(async () => {
  mixpanel = await startMockMixpanel();
  running = await RunningService.start(environment('hold'));
});
afterEach(async () => {
  await running[Symbol.asyncDispose]();
  await mixpanel.close();
});

const seconds = Math.floor(Date.now() / 1_000) - 3_600;
const eventsOf = (first: number, many: number) =>
  Array.from({ length: many }, (_, index) =>
    emailSend({ time: seconds + first + index, user: { external_user_id: `user-${first + index}` } }),
  );

const imported = (events: readonly { time: unknown; user: unknown }[]) =>
  events.map(({ time, user }) => ({
    event: 'Email Send',
    properties: { time, distinct_id: (user as { external_user_id: string }).external_user_id },
  }));
const cutOver = async (body: unknown, of = running) => {
  const response = await fetch(`${of.service.url}/api/handover`, {
    method: 'POST',
    headers: asOperator,
    body: JSON.stringify(body),
  });
  return { status: response.status, answer: (await response.json()) as unknown };
};

describe('a cut-over from the native integration', () => {
  it('leaves neither a gap nor a duplicate: events that it brought are skipped, the rest is delivered once the hold ends', async () => {
    const all = eventsOf(0, 300);
    await importNatively(mixpanel.url, imported(all.slice(0, 120)));
    for (let first = 0; first < 300; first += 100)
      await running.post({ events: all.slice(first, first + 100) });
    expect(await running.connection()).toMatchObject({
      pending: { events: 300 },
      delivery: { state: 'held', requestsInFlight: 0 },
    });
    expect(mixpanel.model.events.raw).toBe(120);

    const counted = { waiting: 300, alreadyThere: 120, left: 0 };
    expect((await cutOver({})).answer).toMatchObject({ ...counted, dryRun: true });
    expect(await running.connection()).toMatchObject({ pending: { events: 300 }, skipped: {} });
    expect((await cutOver({ confirm: true })).answer).toMatchObject({ ...counted, dryRun: false });
    expect(await running.connection()).toMatchObject({
      accepted: 300,
      pending: { events: 180 },
      skipped: { already_in_mixpanel: 120 },
    });
    expect((await cutOver({ confirm: true })).answer).toMatchObject({ waiting: 180, alreadyThere: 0 });

    expect(await running.reload({ DELIVERY_MODE: 'live' })).toBe(true);
    expect(await running.settled()).toMatchObject({ imported: 180, skipped: { already_in_mixpanel: 120 } });
    expect(mixpanel.model.events.raw).toBe(300);
    const users = new Set<unknown>();
    for await (const events of mixpanel.model.events.readUnique())
      for (const { properties } of events) users.add(properties.distinct_id);
    expect(users.size).toBe(300);
  });

  it('changes nothing while the export cannot be read, and is refused where nothing is held', async () => {
    await running.post({ events: eventsOf(0, 10) });
    await fetch(`${mixpanel.url}/_sim/faults`, {
      method: 'POST',
      body: JSON.stringify({ route: 'export', kind: 'status', status: 503 }),
    });
    expect(await cutOver({ confirm: true })).toMatchObject({
      status: 502,
      answer: { error: { code: 'compare_export_failed' } },
    });
    expect(await running.connection()).toMatchObject({ pending: { events: 10 } });

    await using live = await RunningService.start(environment('live'));
    expect(await cutOver({}, live)).toMatchObject({
      status: 409,
      answer: { error: { code: 'handover_not_held' } },
    });
  });
});
