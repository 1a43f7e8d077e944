import { expect, it } from 'vitest';
import { emails } from '../../../src/testing/events.ts';
import { describeWithPromtool } from '../../../src/testing/prometheus.ts';
import { AlertRun, evaluationOf, hours } from './alert-run.ts';

const deadline = { firing: ['BrazeMixpanelDeadline'] };

describeWithPromtool('Prometheus, with an API secret that Mixpanel retires in March 2027', () => {
  it('the alert of a deadline fires in the last 30 days, and ends with the change to a service account', async () => {
    await using run = await AlertRun.begin('2027-01-31T22:00:00Z', {
      MIXPANEL_TOKEN: '',
      MIXPANEL_API_SECRET: 'fake-secret',
    });
    // The last 30 days begin at the start of 1 February.
    await run.goOn(hours(2) + 1, { firing: [] });
    await run.goOn(hours(2), deadline);
    expect((await evaluationOf(run.service)).firing).toEqual(deadline.firing);
    const changed = {
      MIXPANEL_API_SECRET: '',
      MIXPANEL_SERVICE_ACCOUNT: 'fake-account',
      MIXPANEL_SERVICE_SECRET: 'fake-service-secret',
      MIXPANEL_PROJECT_ID: '12345',
    };
    expect(await run.service.reload(changed)).toBe(true);
    await run.goOn(hours(1), { firing: [] });
    expect((await evaluationOf(run.service)).firing).toEqual([]);
    await run.check();
  }, 60_000);
});

describeWithPromtool('Prometheus, with a Current whose requests are refused', () => {
  it('the alert of a deadline fires after half of the 48 hours of Braze, and ends with an accepted request', async () => {
    await using run = await AlertRun.begin('2026-09-01T10:00:00Z');
    const post = (token: string) =>
      run.service.post({ events: emails(1) }, { headers: { authorization: `Bearer ${token}` } });
    const silent = { tolerated: ['BrazeMixpanelSilent'] };
    await run.goOn(hours(1), { firing: [] }, () => post('test-currents-token'));
    await run.goOn(hours(24) + 1, { firing: [], ...silent }, () => post('a-former-token'));
    await run.goOn(hours(1), { ...deadline, ...silent }, () => post('a-former-token'));
    await run.goOn(hours(1), { firing: [], ...silent }, () => post('test-currents-token'));
    await run.check();
  }, 60_000);
});
