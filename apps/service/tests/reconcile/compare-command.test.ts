import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { expect, it } from 'vitest';
import { batchOf, emails } from '../../src/testing/events.ts';
import { accountSettings } from '../../src/testing/mixpanel-account.ts';
import { RunningService } from '../../src/testing/running-service.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

it('`compare` prints that it compared nothing, or the differences and their reasons, and with --check exits 1', async () => {
  await using mixpanel = await startMockMixpanel();
  await using running = await RunningService.start({
    ...accountSettings(mixpanel.url),
  });
  const [first, ...further] = emails(5);
  const compare = () =>
    ServiceProcess.run(
      { ADMIN_TOKEN: 'test-admin-token' },
      ...['compare', '--url', running.service.url],
      ...['--from', '2023-11-14', '--to', '2023-11-14', '--check'],
    );

  expect((await compare()).stdout.join(' ')).toMatch(
    /neither the service nor Mixpanel has events of these days, so nothing was compared\./,
  );

  await running.post(batchOf(first!));
  await running.settled();
  expect((await compare()).stdout).toEqual([
    'default, 2023-11-14 to 2023-11-14: 1 event was delivered, 1 is in Mixpanel (1',
    'raw row); 1 of 1 counts agree.',
  ]);

  await running.post(batchOf(...further));
  await running.settled();
  const agreeing = await compare();
  expect(agreeing.child.exitCode).toBe(0);
  expect(agreeing.stdout).toEqual([
    'default, 2023-11-14 to 2023-11-14: 5 events were delivered, 5 are in Mixpanel (5',
    'raw rows); 1 of 1 counts agree.',
  ]);

  await fetch(`${mixpanel.url}/_sim/reset`, { method: 'POST' });
  const differing = await compare();
  expect(differing.child.exitCode).toBe(1);
  expect(differing.stdout.join('\n')).toMatch(
    /2023-11-14 +Email Send +5 +0 +0 +missing\n\nmissing: Mixpanel has fewer/,
  );
});
