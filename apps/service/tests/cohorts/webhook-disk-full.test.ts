import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { openStorage } from '@braze-mixpanel/storage';
import { expect, it } from 'vitest';
import { CohortWorld } from '../../src/testing/cohort-world.ts';
import { batchOf, emailSend } from '../../src/testing/events.ts';

it('a page without space on the disk gets a 503, and the service stays ready and accepts events', async () => {
  const { bavail, bsize } = statfsSync(tmpdir());
  await using world = await CohortWorld.start(
    {},
    { openStorage: url => openStorage(url, { minFreeBytes: (bavail * bsize) / 1.1 }) },
  );
  const { status, body } = await world.push(['ada']);
  expect([status, body.status]).toEqual([503, 'failure']);
  expect((await world.service.get('/readyz')).status).toBe(200);
  expect((await world.service.post(batchOf(emailSend()))).status).toBe(200);
});
