import { openStorage } from '@braze-mixpanel/storage';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { accepts, answers, FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { RunningService } from '../../src/testing/running-service.ts';

let mixpanel: FakeMixpanel;
let service: RunningService;
beforeEach(async () => {
  mixpanel = await FakeMixpanel.start();
  service = await RunningService.start(
    { MIXPANEL_API_URL: mixpanel.url, DELIVERY_RETRY_MAX: '50ms' },
    { openStorage: url => openStorage(url, { maxBytes: 2_000_000 }) },
  );
});
afterEach(async () => {
  await service[Symbol.asyncDispose]();
  await mixpanel[Symbol.asyncDispose]();
});

const large = () => emailSend({ properties: { campaign_name: 'x'.repeat(300_000) } });

it('a full disk: 503 and not ready; accepted batches are delivered, and the service recovers by itself', async () => {
  mixpanel.behaviour = answers(503);
  const accepted: string[] = [];
  let refused: Response | undefined;
  while (refused === undefined) {
    const event = large();
    const response = await service.post(batchOf(event));
    if (response.status === 200) accepted.push(event.id);
    else refused = response;
  }
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(await refused.json()).toMatchObject({ error: { code: 'storage_unavailable' } });
  expect(accepted.length).toBeGreaterThan(0);
  const notReady = await service.get('/readyz');
  expect(notReady.status).toBe(503);
  expect(await notReady.json()).toMatchObject({ ready: false, reason: expect.stringMatching(/full/) });
  expect(await service.status()).toMatchObject({
    ready: false,
    notReadyReason: expect.stringMatching(/full/),
  });
  expect((await service.get('/healthz')).status).toBe(200);
  expect(await service.connection()).toMatchObject({ accepted: accepted.length });

  mixpanel.behaviour = accepts;
  await service.settled();
  expect([...mixpanel.unique.keys()].sort()).toEqual(accepted.sort());
  await vi.waitFor(async () => expect((await service.get('/readyz')).status).toBe(200), { timeout: 10_000 });
  expect((await service.post(batchOf(large()))).status).toBe(200);
  expect(await service.status()).toMatchObject({ ready: true });
});

it('a disk that is too full at the start: the log reports it at once, with the reserve and its reason', async () => {
  const logger = pino({ level: 'silent' });
  const error = vi.spyOn(logger, 'error');
  await using starting = await RunningService.start(
    { MIXPANEL_API_URL: mixpanel.url },
    { logger, openStorage: url => openStorage(url, { minFreeBytes: Number.MAX_SAFE_INTEGER }) },
  );
  expect(error).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/kept so that deliveries can end/));
  expect((await starting.get('/readyz')).status).toBe(503);
});
