import { expect, it } from 'vitest';
import { monotonicMs } from '../../src/clock/index.ts';
import { batchOf, emailSend, emails } from '../../src/testing/events.ts';
import { accepts, answers, FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { RunningService } from '../../src/testing/running-service.ts';

/** About 200 kB. */
const large = () => batchOf(emailSend({ properties: { campaign_name: 'x'.repeat(200_000) } }));

it('a connection whose backlog is at its limit answers 503 and stores nothing, reports it, and accepts batches again by itself', async () => {
  await using mixpanel = await FakeMixpanel.start();
  mixpanel.behaviour = answers(503);
  let time = 0;
  const monotonic = () => monotonicMs(performance.now() + time);
  await using running = await RunningService.start(
    { MIXPANEL_API_URL: mixpanel.url, BACKLOG_MAX_BYTES: '1mb' },
    { monotonic },
  );
  let accepted = 0;
  let response = await running.post(large());
  while (response.status === 200 && accepted < 20) {
    accepted += 1;
    response = await running.post(large());
  }
  expect(accepted).toBe(6);
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBeTruthy();
  expect(await response.json()).toMatchObject({
    error: { code: 'backlog_full', message: expect.stringContaining('BACKLOG_MAX_BYTES is 1 MB') },
  });
  expect(await running.connection()).toMatchObject({
    accepted: 6,
    refusing: expect.stringContaining('BACKLOG_MAX_BYTES'),
    pending: { events: 6 },
  });
  expect((await running.get('/readyz')).status).toBe(200);
  // The credential check of Braze still succeeds.
  expect((await running.post({ events: [] })).status).toBe(200);

  mixpanel.behaviour = accepts;
  await running.settled();
  time += 2_000;
  expect((await running.post(batchOf(...emails(3)))).status).toBe(200);
  expect(await running.settled()).toMatchObject({ accepted: 9, imported: 9, refusing: null });
});
