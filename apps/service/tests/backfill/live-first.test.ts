import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue2026_07, sampleEvent, seededRandom } from '@braze-mixpanel/core/currents';
import { writeCurrentsFile } from '@braze-mixpanel/currents-files';
import { expect, it, vi } from 'vitest';
import { showBackfill } from '../../src/testing/backfills.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

const type = 'users.messages.email.Open';
const time = Math.floor(Date.now() / 1_000) - 60;

it('Back-filled events wait while live batches are being received, and follow them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'live-first-'));
  await using mixpanel = await FakeMixpanel.start();
  await using service = await RunningService.start({ MIXPANEL_API_URL: mixpanel.url });
  const entry = catalogue2026_07.byType.get(type)!;
  const random = seededRandom(1);
  const [live, old] = [1, 2].map(() => sampleEvent(entry, { random, time, externalUserId: 'u' }));
  await writeFile(join(folder, 'a.avro'), await writeCurrentsFile(type, [old!]));

  const body = JSON.stringify({ events: [live], note: 'x'.repeat(200_000) });
  const slow = request(`${service.service.url}/currents`, {
    method: 'POST',
    headers: { authorization: 'Bearer test-currents-token', 'content-type': 'application/json' },
  });
  slow.write(body.slice(0, -1));
  await fetch(`${service.service.url}/api/backfills`, {
    ...{ method: 'POST', headers: asOperator, body: JSON.stringify({ source: folder }) },
  });
  const pending = () =>
    vi.waitFor(async () => {
      const { state, delivery } = await showBackfill(service, 1);
      expect(state).toBe('done');
      return delivery.pending;
    });
  expect(await pending()).toBe(1);
  slow.end(body.slice(-1));
  const [response] = await once(slow, 'response');
  response.resume();
  expect(response.statusCode).toBe(200);
  await vi.waitFor(async () => expect(await pending()).toBe(0));
  expect(mixpanel.stored.map(({ properties }) => properties.$insert_id).sort()).toEqual(
    [live!.id, old!.id].sort(),
  );
  await rm(folder, { recursive: true });
});
