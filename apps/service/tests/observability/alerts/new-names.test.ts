import { expect, it } from 'vitest';
import { emailSend } from '../../../src/testing/events.ts';
import { describeWithPromtool } from '../../../src/testing/prometheus.ts';
import { AlertRun, evaluationOf, hours } from './alert-run.ts';

describeWithPromtool('Prometheus, with a property that Braze adds', () => {
  it('the alert of new names fires for an hour, and not again while the property goes on', async () => {
    await using run = await AlertRun.begin('2026-09-01T10:00:00Z');
    const post = (properties: object) => async () => {
      await run.service.post({ events: [emailSend({ properties })] });
      await run.service.settled();
    };
    await run.goOn(hours(1), { firing: [] }, post({}));
    await run.goOn(hours(1) - 1, { firing: ['BrazeMixpanelFirstSeen'] }, post({ mood: 'good' }));
    expect((await evaluationOf(run.service)).firing).toEqual(['BrazeMixpanelFirstSeen']);
    await run.goOn(1, { firing: ['BrazeMixpanelFirstSeen'] }, post({ mood: 'good' }));
    expect((await evaluationOf(run.service)).firing).toEqual([]);
    await run.goOn(hours(1), { firing: [] }, post({ mood: 'good' }));
    await run.check();
  }, 60_000);
});
