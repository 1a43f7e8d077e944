import { expect, it } from 'vitest';
import { forgetVendors } from '../../../src/testing/deletion-world.ts';
import { describeWithPromtool } from '../../../src/testing/prometheus.ts';
import { AlertRun, evaluationOf, hours } from './alert-run.ts';

describeWithPromtool('Prometheus, with a Mixpanel that does not accept a deletion', () => {
  it('the alert of stuck deletions fires after a day', async () => {
    await using run = await AlertRun.begin('2026-09-03T20:00:00Z', {
      MIXPANEL_OAUTH_TOKEN: 'an-oauth-token',
      MIXPANEL_QUERY_URL: 'http://127.0.0.1:1',
    });
    await forgetVendors(run.service, 'ada');
    await run.goOn(hours(24) + 1, { firing: [] });
    await run.goOn(1, { firing: [] });
    await run.goOn(hours(1), { firing: ['BrazeMixpanelDeletionStuck'] });
    expect((await evaluationOf(run.service)).firing).toEqual(['BrazeMixpanelDeletionStuck']);
    await run.check();
  }, 60_000);
});
