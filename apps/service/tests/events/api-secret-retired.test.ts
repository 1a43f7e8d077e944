import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { createClock } from '@braze-mixpanel/simulator-kit';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { batchOf, emails } from '../../src/testing/events.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import { RunningService } from '../../src/testing/running-service.ts';

const dayBefore = '2027-03-02T12:00:00Z';
const dayMs = 86_400_000;

it('an API secret works with a warning until March 2027, is refused after that, and nothing is lost by the change of credentials', async () => {
  const simulated = createClock({ start: Date.parse(dayBefore), frozen: true });
  const clock = new ManualClock(Date.parse(dayBefore));
  const mixpanel = await startMockMixpanel({ clock: simulated, settings: { retirements: true } });
  const lines: string[] = [];
  const logger = pino({ level: 'warn' }, { write: line => lines.push(line) });
  try {
    await using service = await RunningService.start(
      { MIXPANEL_API_URL: mixpanel.url, MIXPANEL_TOKEN: '', MIXPANEL_API_SECRET: 'mixpanel-secret' },
      { clock, logger },
    );
    expect(lines.join()).toContain('Mixpanel retires API secrets on 2027-03-03, in less than one day.');
    await service.post(batchOf(...emails(3)));
    const before = await service.settled();
    expect(before.imported).toBe(3);
    expect(before.findings?.find(({ id }) => id === 'api_secret')).toMatchObject({
      deadline: '2027-03-03T00:00:00.000Z',
    });

    await simulated.change({ kind: 'advance', milliseconds: dayMs });
    await clock.advance(dayMs);
    await service.post(batchOf(...emails(4)));
    const refused = await service.until(({ delivery }) => delivery?.state === 'parked');
    expect(refused).toMatchObject({ imported: 3, pending: { events: 4 } });
    expect(refused.findings?.find(({ id }) => id === 'api_secret')).toMatchObject({
      severity: 'critical',
      message: expect.stringContaining('it no longer works'),
      next: expect.stringContaining('MIXPANEL_SERVICE_ACCOUNT'),
    });
    expect(refused.findings?.find(({ id }) => id === 'credentials_refused')).toMatchObject({
      severity: 'critical',
      since: expect.stringMatching(/^2027-03-03T12:00/),
    });

    const changed = {
      MIXPANEL_API_SECRET: '',
      MIXPANEL_SERVICE_ACCOUNT: 'service-account',
      MIXPANEL_SERVICE_SECRET: 'service-secret',
      MIXPANEL_PROJECT_ID: '12345',
    };
    expect(await service.reload(changed)).toBe(true);
    const after = await service.settled();
    expect(after).toMatchObject({ imported: 7, deadLettered: {} });
    expect(after.findings?.map(({ id }) => id)).toEqual(['account_expiry', 'project_host']);
    const stored = await fetch(`${mixpanel.url}/_sim/events/count`);
    expect(await stored.json()).toMatchObject({ unique: 7 });
  } finally {
    await mixpanel.close();
  }
});
