import { type RunningMockBraze, startMockBraze } from '@braze-mixpanel/mock-braze';
import { type RunningMockMixpanel, startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

const users = Array.from({ length: 30 }, (_, n) => `user-${n}`);

let mixpanel: RunningMockMixpanel;
let braze: RunningMockBraze;
let service: RunningService;
beforeEach(async () => {
  mixpanel = await startMockMixpanel();
  mixpanel.clock.freeze();
  braze = await startMockBraze({
    clockUrl: `${mixpanel.url}/_sim/clock`,
    state: { users: users.map(external_id => ({ external_id })) },
  });
  await control('PUT', '/_sim/cohorts/12345', { name: 'Query', members: users.slice(0, 10).map(member) });
  await control('PUT', '/_sim/cohorts/678', { name: 'Pushed', members: users.slice(0, 10).map(member) });
  service = await RunningService.start({
    CLOCK_URL: `${mixpanel.url}/_sim/clock`,
    MIXPANEL_API_URL: mixpanel.url,
    MIXPANEL_QUERY_URL: mixpanel.url,
    MIXPANEL_SERVICE_ACCOUNT: 'service-account',
    MIXPANEL_SERVICE_SECRET: 'service-secret',
    MIXPANEL_PROJECT_ID: '12345',
    MIXPANEL_WEBHOOK_USERNAME: 'mixpanel',
    MIXPANEL_WEBHOOK_PASSWORD: 'password',
    BRAZE_REST_URL: braze.url,
    BRAZE_REST_API_KEY: 'braze-rest-key',
    BRAZE_DATA_IMPORT_KEY: 'braze-data-import-key',
    BRAZE_PARTNER_API_KEY: 'braze-partner-key',
    COHORTS: '12345:dynamic',
  });
});
afterEach(async () => {
  await service[Symbol.asyncDispose]();
  await braze.close();
  await mixpanel.close();
});

const member = (distinct_id: string) => ({ distinct_id, properties: {} });

async function control(method: string, path: string, body: object): Promise<void> {
  const answer = await fetch(mixpanel.url + path, { method, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
}

const advance = (time: string) => control('POST', '/_sim/clock', { advance: time });

/** Members of segments on both sinks in Braze. */
async function segments(): Promise<{ partner: number; attribute: number }> {
  const model = braze.model.users;
  const marked = users.filter(external_id => {
    const number = model.find({ external_id });
    return number !== undefined && model.attribute(number, 'mixpanel_cohort_678') === true;
  });
  return { partner: braze.model.cohorts.get('12345')?.members.size ?? 0, attribute: marked.length };
}

describe('one clock for Mixpanel, Braze and the service', () => {
  it('runs nothing at 1 h 59 min and everything at 2 h, from both sources and into both sinks', async () => {
    const request = { cohort: '678', mode: 'dynamic', source: 'webhook', sink: 'track' };
    await fetch(`${service.service.url}/api/cohorts`, {
      method: 'POST',
      headers: asOperator,
      body: JSON.stringify(request),
    });
    await control('POST', '/_sim/syncs', {
      cohort: 678,
      mode: 'dynamic',
      destination: {
        type: 'webhook',
        url: `${service.service.url}/webhooks/mixpanel/default`,
        username: 'mixpanel',
        password: 'password',
      },
    });
    await advance('1s');
    expect(await segments()).toEqual({ partner: 10, attribute: 10 });

    for (const cohort of [12345, 678])
      await control('POST', `/_sim/cohorts/${cohort}/members`, {
        add: users.slice(10).map(member),
        remove: users.slice(0, 5),
      });
    await advance('1h 58m 58s');
    expect(await segments()).toEqual({ partner: 10, attribute: 10 });
    await advance('1m 1s');
    expect(await segments()).toEqual({ partner: 25, attribute: 25 });
  });

  it('runs many intervals at once one by one, and ends with the state of their end', async () => {
    await advance('1s');
    await control('POST', '/_sim/cohorts/12345/members', { remove: users.slice(0, 3) });
    await advance('24h');
    expect((await segments()).partner).toBe(7);
    const answer = await fetch(`${service.service.url}/api/cohorts/12345/history`, {
      headers: asOperator,
    });
    const { runs } = (await answer.json()) as { runs: { trigger: string; removed: number }[] };
    expect(runs.map(({ trigger }) => trigger)).toEqual([...Array(12).fill('schedule'), 'start']);
    expect(runs.map(({ removed }) => removed)).toEqual([...Array(11).fill(0), 3, 0]);
  });
});
