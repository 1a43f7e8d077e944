import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithPostgres, startPostgres } from '@braze-mixpanel/storage/testing';
import { describe, expect, it } from 'vitest';
import { emails } from '../../src/testing/events.ts';
import { accepts, answers, FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import { RunningService } from '../../src/testing/running-service.ts';

const start = Date.parse('2026-09-01T10:00:00Z');
const hourMs = 3_600_000;

/** Posts with a wrong token, as a Current does whose token was changed, until the failure has lasted an hour. */
async function failForAnHour(service: RunningService, clock: ManualClock) {
  for (const wait of [0, hourMs]) {
    await clock.advance(wait);
    const response = await service.post(emails(1), { headers: { authorization: 'Bearer wrong' } });
    expect(response.status).toBe(401);
  }
}
const finding = async (service: RunningService, id: string) =>
  (await service.connection()).findings?.find(each => each.id === id);
const sinceStart = { since: new Date(start).toISOString() };

describe('the time since which something fails', () => {
  it('is the same after a restart, and ends with a success', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'failing-since-'));
    await using cleanup = new AsyncDisposableStack();
    cleanup.defer(() => rm(folder, { recursive: true }));
    const clock = new ManualClock(start);
    await using mixpanel = await FakeMixpanel.start();
    mixpanel.behaviour = answers(401);
    const environment = {
      STORAGE_URL: `sqlite:${join(folder, 'service.db')}`,
      MIXPANEL_API_URL: mixpanel.url,
    };
    {
      await using service = await RunningService.start(environment, { clock });
      await service.post({ events: emails(1) });
      await service.until(({ delivery }) => delivery?.state === 'parked');
      await failForAnHour(service, clock);
      expect(await finding(service, 'credentials_refused')).toMatchObject(sinceStart);
      expect(await finding(service, 'currents_failing')).toMatchObject(sinceStart);
    }
    await clock.advance(hourMs);
    await using service = await RunningService.start(environment, { clock });
    expect(await finding(service, 'credentials_refused')).toMatchObject(sinceStart);
    expect(await finding(service, 'currents_failing')).toMatchObject({
      ...{ ...sinceStart, severity: 'warning' },
      message: expect.stringContaining('may drop events in 46 hours'),
    });
    mixpanel.behaviour = accepts;
    await service.post({ events: emails(1) });
    await service.until(({ pending }) => pending.events === 0);
    expect(await finding(service, 'credentials_refused')).toBeUndefined();
    expect(await finding(service, 'currents_failing')).toBeUndefined();
  });
});

describeWithPostgres('the time since which something fails, on two replicas', () => {
  it('is known to both, and a success on either ends it for both', async () => {
    await using server = await startPostgres();
    const { url } = await server.createDatabase();
    const clock = new ManualClock(start);
    await using mixpanel = await FakeMixpanel.start();
    const environment = { STORAGE_URL: url, MIXPANEL_API_URL: mixpanel.url };
    await using one = await RunningService.start(environment, { clock });
    await using other = await RunningService.start(environment, { clock });
    await failForAnHour(one, clock);
    for (const each of [one, other])
      expect(await finding(each, 'currents_failing')).toMatchObject(sinceStart);
    await other.post({ events: emails(1) });
    await other.settled();
    for (const each of [one, other]) expect(await finding(each, 'currents_failing')).toBeUndefined();
  });
});
