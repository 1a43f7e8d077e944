import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { expect, it } from 'vitest';
import { batchOf, emails } from '../../src/testing/events.ts';
import { accountSettings } from '../../src/testing/mixpanel-account.ts';
import { RunningService } from '../../src/testing/running-service.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

it('`cost` prints what a month of the delivered events costs, and names the period of the counts', async () => {
  await using mixpanel = await startMockMixpanel();
  await using running = await RunningService.start({
    ...accountSettings(mixpanel.url),
    MIXPANEL_PRICE_PER_MILLION: '280',
  });
  await running.post(batchOf(...emails(5)));
  await running.settled();
  const cost = async (from: string, to: string) => {
    const args = ['cost', '--url', running.service.url, '--from', from, '--to', to];
    const { stdout } = await ServiceProcess.run({ ADMIN_TOKEN: 'test-admin-token' }, ...args);
    return stdout.join('\n');
  };

  const counted = await cost('2023-11-01', '2023-11-16');
  expect(counted).toMatch(/Email Send +5 +50 +free +0\.00/);
  expect(counted).toContain('0.0 % are billed, and costs 0.00 at 280.00 per million.');
  expect(counted).toContain('Extrapolated from 3 days, 2023-11-14 to 2023-11-16.');
  expect(await cost('2023-01-01', '2023-01-02')).toMatch(/no events were counted .* the cost is unknown/);
});
