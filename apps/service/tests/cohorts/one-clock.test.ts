import { type RunningMockBraze, startMockBraze } from '@braze-mixpanel/mock-braze';
import { type RunningMockMixpanel, startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountSettings } from '../../src/testing/mixpanel-account.ts';
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
    ...accountSettings(mixpanel.url),
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

/** Users with the attribute of the pushed cohort in Braze. */
function marked(): string[] {
  const model = braze.model.users;
  return users.filter(external_id => {
    const number = model.find({ external_id });
    return number !== undefined && model.attribute(number, 'mixpanel_cohort_678') === true;
  });
}

/** Members of segments on both sinks in Braze. */
const segments = () => ({
  partner: braze.model.cohorts.get('12345')?.members.size ?? 0,
  attribute: marked().length,
});

/** Lets Mixpanel push a cohort at an interval, and the service mark its members in Braze. */
async function push(interval: string | undefined): Promise<void> {
  await fetch(`${service.service.url}/api/cohorts`, {
    method: 'POST',
    headers: asOperator,
    body: JSON.stringify({ cohort: '678', mode: 'dynamic', source: 'webhook', sink: 'track' }),
  });
  await control('POST', '/_sim/syncs', {
    cohort: 678,
    mode: 'dynamic',
    ...(interval && { interval }),
    destination: {
      type: 'webhook',
      url: `${service.service.url}/webhooks/mixpanel/default`,
      username: 'mixpanel',
      password: 'password',
    },
  });
  await advance('1s');
}

describe('one clock for Mixpanel, Braze and the service', () => {
  it('runs nothing at 1 h 59 min and everything at 2 h, from both sources and into both sinks', async () => {
    await push('2h');
    expect(segments()).toEqual({ partner: 10, attribute: 10 });

    for (const cohort of [12345, 678])
      await control('POST', `/_sim/cohorts/${cohort}/members`, {
        add: users.slice(10).map(member),
        remove: users.slice(0, 5),
      });
    await advance('1h 58m 58s');
    expect(segments()).toEqual({ partner: 10, attribute: 10 });
    await advance('1m 1s');
    expect(segments()).toEqual({ partner: 25, attribute: 25 });
  });

  it.each([
    ['every 15 minutes, as some destinations are', '15m', '14m', 6],
    ['every 30 minutes, as webhooks are', undefined, '29m', 3],
    ['every two hours, as Braze is', '2h', '1h 59m', 1],
  ])('follows a cohort that is pushed %s, and never finds it silent', async (_, interval, before, times) => {
    await push(interval);
    for (let time = 1; time <= times; time++) {
      await control('POST', '/_sim/cohorts/678/members', {
        add: [member(`user-${9 + time}`)],
        remove: [`user-${time - 1}`],
      });
      await advance(before);
      expect(marked()).toEqual(users.slice(time - 1, 9 + time));
      await advance('1m');
      expect(marked()).toEqual(users.slice(time, 10 + time));
      const shown = await fetch(`${service.service.url}/api/cohorts/678`, { headers: asOperator });
      expect(await shown.json()).toMatchObject({ problem: null, mixpanelMembers: 10 });
    }
  });

  it('runs many intervals at once one by one, and ends with the state of their end', async () => {
    await advance('1s');
    await control('POST', '/_sim/cohorts/12345/members', { remove: users.slice(0, 3) });
    const reads = () =>
      mixpanel.simulator.journal.list({ limit: 1_000 }).filter(({ path }) => path.includes('/query/engage'))
        .length;
    const before = reads();
    await advance('24h');
    expect(segments().partner).toBe(7);
    expect(reads() - before).toBe(12);
    const answer = await fetch(`${service.service.url}/api/cohorts/12345/history`, {
      headers: asOperator,
    });
    const { runs } = (await answer.json()) as { runs: { trigger: string; removed: number }[] };
    expect(runs.map(({ trigger, removed }) => [trigger, removed])).toEqual([
      ['schedule', 3],
      ['start', 0],
    ]);
    const shown = await fetch(`${service.service.url}/api/cohorts/12345`, { headers: asOperator });
    expect(await shown.json()).toMatchObject({
      lastSuccess: new Date(mixpanel.clock.now() - 1_000).toISOString(),
    });
  });
});
