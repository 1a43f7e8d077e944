import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { accepts, answers, FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

let mixpanel: FakeMixpanel;
let service: RunningService;
beforeEach(async () => {
  mixpanel = await FakeMixpanel.start();
  service = await RunningService.start({
    MIXPANEL_API_URL: mixpanel.url,
    // No batch is tried again by itself during a test.
    ...{ DELIVERY_RETRY_BASE: '1m', DELIVERY_RETRY_MAX: '1h', VIEWER_TOKEN: 'viewer-token' },
  });
});
afterEach(async () => {
  await service[Symbol.asyncDispose]();
  await mixpanel[Symbol.asyncDispose]();
});

const viewer = { authorization: 'Bearer viewer-token' };
const retry = async (body: unknown = {}, headers: Record<string, string> = asOperator) => {
  const answer = await service.post(body, { path: '/api/batches/retry', headers });
  return { status: answer.status, body: await answer.json() };
};
const failedBy = async (...answer: Parameters<typeof answers>) => {
  mixpanel.behaviour = answers(...answer);
  await service.post(batchOf(emailSend()));
  await service.until(({ delivery }) => (delivery?.failuresInARow ?? 0) > 0);
  mixpanel.behaviour = accepts;
};
const outcomes = (outcome: string, at: unknown = null, inMs: unknown = null) => ({
  status: 200,
  body: { connections: { default: { outcome, at, inMs } } },
});

describe('POST /api/batches/retry', () => {
  it('sends what waits after a failure at once, by an operator alone, and the audit log has it', async () => {
    expect(await retry()).toMatchObject({ status: 200, body: { connections: {} } });
    await failedBy(503);
    expect(await retry({}, viewer)).toMatchObject({ status: 403 });
    expect(mixpanel.requests).toHaveLength(1);
    expect(await retry({ connection: 'default' })).toEqual(outcomes('retrying'));
    expect(await service.settled()).toMatchObject({ imported: 1, delivery: { failuresInARow: 0 } });
    expect(mixpanel.requests).toHaveLength(2);
    expect(await retry()).toEqual(outcomes('nothing_waits'));
    const { entries } = (await (await service.get('/api/audit')).json()) as {
      entries: { action: string; detail: unknown }[];
    };
    expect(entries.map(({ action, detail }) => [action, detail])).toEqual([
      ['batches.retry', { outcomes: { default: 'nothing_waits' } }],
      ['batches.retry', { connection: 'default', outcomes: { default: 'retrying' } }],
      ['batches.retry', { outcomes: {} }],
    ]);
  });

  it('keeps the wait that Mixpanel asked for, and says when it is over', async () => {
    await failedBy(429, { error: 'slow down' }, { 'retry-after': '600' });
    expect(await retry()).toEqual(
      outcomes('waits', expect.stringMatching(/^\d{4}-.+Z$/), expect.any(Number)),
    );
    const { stdout } = await ServiceProcess.run(
      { PORT: String(service.service.port), ADMIN_TOKEN: 'test-admin-token' },
      ...['batches', 'retry'],
    );
    expect(stdout.join('\n')).toMatch(
      /^default: Mixpanel asked for a pause: sent in [56]\d\d s,\sat \d{4}-\S+Z\.$/,
    );
    expect(mixpanel.requests).toHaveLength(1);
  });

  it('refuses a connection that is not there', async () => {
    expect(await retry({ connection: 'other' })).toMatchObject({
      ...{ status: 404, body: { error: { code: 'unknown_connection' } } },
    });
  });
});
