import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCurrentsFile } from '@braze-mixpanel/currents-files';
import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { expect, it } from 'vitest';
import { batchOf, emails } from '../../src/testing/events.ts';
import { accountSettings } from '../../src/testing/mixpanel-account.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

it('A comparison counts back-filled events among those that the service delivered', async () => {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'backfill-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const mixpanel = opened.use(await startMockMixpanel());
  const service = opened.use(await RunningService.start(accountSettings(mixpanel.url)));
  const [live, both, past] = [emails(3), emails(2), emails(4)];
  await service.post(batchOf(...live, ...both));
  await service.settled();
  const file = await writeCurrentsFile('users.messages.email.Send', [...both, ...past]);
  await writeFile(join(folder, 'file.avro'), file);
  await fetch(`${service.service.url}/api/backfills`, {
    method: 'POST',
    headers: { ...asOperator, 'content-type': 'application/json' },
    body: JSON.stringify({ source: folder }),
  });
  await service.until(({ imported }) => imported === 6, 'default:backfill');
  const comparison = await service.get('/api/compare?from=2023-11-14&to=2023-11-14');
  expect(await comparison.json()).toMatchObject({
    agrees: true,
    days: [{ event: 'Email Send', ours: 11, mixpanelUnique: 9, mixpanelRaw: 11, why: ['resent'] }],
  });
});
