import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { emailSend } from '../../../src/testing/events.ts';
import { describeWithPromtool } from '../../../src/testing/prometheus.ts';
import { AlertRun, evaluationOf, hours } from './alert-run.ts';

/** A raw export without events. */
async function emptyExport() {
  const server = createServer((_request, response) => void response.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: async () => void server.close() };
}

describeWithPromtool('Prometheus, with events that Mixpanel lost', () => {
  it('the alert of counts that differ fires after the daily report', async () => {
    await using raw = await emptyExport();
    await using run = await AlertRun.begin('2026-09-03T20:00:00Z', {
      ...{ MIXPANEL_EXPORT_URL: raw.url, MIXPANEL_QUERY_URL: raw.url, RECONCILE_DAYS: '7' },
      ...{ MIXPANEL_SERVICE_ACCOUNT: 'a', MIXPANEL_SERVICE_SECRET: 'b', MIXPANEL_PROJECT_ID: '1' },
    });
    const post = (time: string) => async () => {
      const events = Array.from({ length: 9 }, () => emailSend({ time: Date.parse(time) / 1_000 }));
      await run.service.post({ events });
      await run.service.settled();
    };
    // Days before the first start are not counted in full.
    await run.goOn(hours(7), { firing: [] }, post('2026-09-03T12:00:00Z'));
    await run.goOn(hours(48), { firing: [] }, post('2026-09-04T02:00:00Z'));
    await run.goOn(1, { firing: [] }, post('2026-09-04T02:00:00Z'));
    await run.goOn(hours(1), { firing: ['BrazeMixpanelCountsDiffer'] }, post('2026-09-04T02:00:00Z'));
    expect((await evaluationOf(run.service)).firing).toEqual(['BrazeMixpanelCountsDiffer']);
    await run.check();
  }, 60_000);
});
