import { describe, expect, it } from 'vitest';
import { CohortWorld } from '../../src/testing/cohort-world.ts';
import { FakeQueryApi } from '../../src/testing/fake-query-api.ts';

const hour = 3_600_000;
const ids = (count: number) => Array.from({ length: count }, (_, n) => `user-${String(n).padStart(5, '0')}`);

describe('the safety stop', () => {
  it.each([
    ['empties', 0],
    ['more than halves', 500],
  ])('holds an answer that %s a cohort of over 1,000, until it is confirmed', async (_, left) => {
    await using world = await CohortWorld.start();
    await world.users(ids(1_001));
    await world.push(ids(1_001));
    await world.rest();
    await world.push(ids(left), { session: 's2' });
    expect(await world.sync()).toMatchObject({
      held: { from: 1_001, to: left },
      problem: { code: 'shrinks_too_much' },
    });
    expect(await world.members()).toHaveLength(1_001);

    expect((await world.api('POST', '/12345/confirm')).status).toBe(202);
    expect(await world.sync()).toMatchObject({ held: null, problem: null, brazeMembers: left });
    expect(await world.members()).toHaveLength(left);
  });

  it('replaces a held target by a better one', async () => {
    await using world = await CohortWorld.start();
    await world.users(ids(1_001));
    await world.push(ids(1_001));
    await world.push([], { session: 's2' });
    await world.rest();
    await world.push(ids(1_000), { session: 's3' });
    expect(await world.sync()).toMatchObject({ held: null, brazeMembers: 1_000 });
  });

  it('does not apply to cohorts of 1,000 members or fewer', async () => {
    await using world = await CohortWorld.start();
    await world.users(ids(1_000));
    await world.push(ids(1_000));
    await world.push([], { session: 's2' });
    await world.rest();
    expect(await world.members()).toEqual([]);
  });

  it.each([
    ['0', 3, 1],
    ['100', 101, 50],
  ])('protects cohorts of over COHORT_SAFETY_STOP=%s members', async (setting, before, after) => {
    await using world = await CohortWorld.start({ COHORT_SAFETY_STOP: setting });
    await world.users(ids(before));
    await world.push(ids(before));
    await world.push(ids(after), { session: 's2' });
    await world.rest();
    expect(await world.sync()).toMatchObject({ held: { from: before, to: after } });
    expect(await world.members()).toHaveLength(before);
  });

  it('has nothing to confirm where nothing is held', async () => {
    await using world = await CohortWorld.start();
    await world.push(['ada']);
    await world.rest();
    expect((await world.api('POST', '/12345/confirm')).status).toBe(409);
  });
});

describe('a full send', () => {
  it('comes at its interval and includes users that Braze did not know before', async () => {
    await using world = await CohortWorld.start({ COHORT_RESEND_INTERVAL: '1d' });
    await world.push(['ada']);
    await world.rest();
    expect(await world.members()).toEqual([]);
    expect((await world.sync()).nextRunFor).toBe('full_send');
    await world.users(['ada']);
    await world.clock.advance(24 * hour - 1);
    expect(await world.members()).toEqual([]);
    await world.clock.advance(1);
    expect(await world.members()).toEqual(['ada']);
  });
});

describe('a one-time sync', () => {
  it('runs once and is done; when it is started again it runs once more', async () => {
    const mixpanel = new FakeQueryApi();
    mixpanel.put('678', ['ada']);
    await using world = await CohortWorld.start(
      { ...FakeQueryApi.environment, COHORTS: '678:one-time' },
      { fetch: mixpanel.fetch },
    );
    await world.users(['ada', 'bob']);
    expect(await world.sync('678')).toMatchObject({ status: 'done', nextRun: null, brazeMembers: 1 });
    mixpanel.put('678', ['bob']);
    await world.clock.advance(48 * hour);
    expect((await world.sync('678')).status).toBe('done');
    await world.api('POST', '/678/start');
    expect(await world.sync('678')).toMatchObject({ status: 'done', brazeMembers: 1 });
    expect(await world.members('678')).toEqual(['bob']);
  });

  it('that is pushed applies the first list and ignores later ones', async () => {
    await using world = await CohortWorld.start();
    await world.users(['ada', 'bob']);
    await world.api('POST', '', { cohort: '12345', mode: 'one-time', source: 'webhook' });
    await world.push(['ada']);
    await world.rest();
    expect((await world.push(['bob'], { session: 's2' })).status).toBe(200);
    expect(await world.sync()).toMatchObject({ status: 'done' });
    expect(await world.members()).toEqual(['ada']);
  });
});

describe('/api/cohorts', () => {
  it('creates, pauses, starts and deletes syncs', async () => {
    await using world = await CohortWorld.start();
    await world.users(['ada', 'bob']);
    const made = await world.api('POST', '', {
      cohort: 12345,
      mode: 'dynamic',
      source: 'webhook',
      sink: 'partner',
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ id: 'default:12345', status: 'active', source: 'webhook' });
    expect((await world.api('POST', '', { cohort: 12345, source: 'webhook' })).status).toBe(409);

    await world.api('POST', '/12345/pause');
    await world.push(['ada']);
    expect(await world.sync()).toMatchObject({ status: 'paused', mixpanelMembers: 1, brazeMembers: 0 });
    await world.api('POST', '/12345/start');
    expect(await world.sync()).toMatchObject({ status: 'active', brazeMembers: 1 });

    expect((await world.api('DELETE', '/12345')).status).toBe(204);
    expect((await world.api('GET', '/12345')).status).toBe(404);
    expect(await world.members()).toEqual(['ada']);
  });

  it('can create a sync as paused, so that a dry run shows the costs of the first run', async () => {
    const mixpanel = new FakeQueryApi();
    mixpanel.put('12345', ['ada', 'bob']);
    await using world = await CohortWorld.start(
      { ...FakeQueryApi.environment, BRAZE_PARTNER_API_KEY: '' },
      { fetch: mixpanel.fetch },
    );
    const made = await world.api('POST', '', { cohort: '12345', start: false });
    expect(made).toMatchObject({ status: 201, body: { status: 'paused' } });
    const dry = await world.api('POST', '/12345/dry-run');
    expect(dry.body).toMatchObject({ adds: 2, billedAttributeUpdates: 2 });
    expect(world.requests('users-track')).toEqual([]);
    await world.api('POST', '/12345/start');
    expect(await world.sync()).toMatchObject({ status: 'active', brazeMembers: 2 });
  });

  it('shows in a dry run what a run would send and its costs, and sends nothing', async () => {
    const mixpanel = new FakeQueryApi();
    mixpanel.put('12345', ['ada', 'bob']);
    await using world = await CohortWorld.start(
      { ...FakeQueryApi.environment, COHORTS: '12345', BRAZE_PARTNER_API_KEY: '' },
      { fetch: mixpanel.fetch },
    );
    await world.rest();
    mixpanel.put('12345', ['bob', 'cid', 'dan']);
    const sent = world.requests('users-track').length;
    const { body } = await world.api('POST', '/12345/dry-run');
    expect(body).toEqual({
      adds: 2,
      removes: 1,
      requests: 1,
      billedAttributeUpdates: 3,
      held: false,
      mixpanelMembers: 3,
      mixpanelProfiles: 3,
      brazeMembers: 2,
      unmatched: 0,
      firstRequest: {
        attributes: [
          { external_id: 'ada', _update_existing_only: true, mixpanel_cohort_12345: false },
          { external_id: 'cid', _update_existing_only: true, mixpanel_cohort_12345: true },
          { external_id: 'dan', _update_existing_only: true, mixpanel_cohort_12345: true },
        ],
      },
    });
    expect(world.requests('users-track')).toHaveLength(sent);
    await world.clock.advance(2 * hour);
    expect((await world.sync()).brazeMembers).toBe(3);
  });

  it.each<[string, unknown]>([
    ['no cohort', {}],
    ['an unknown mode', { cohort: '1', mode: 'sometimes' }],
    ['an unknown setting', { cohort: '1', colour: 'blue' }],
    ['an interval without a unit', { cohort: '1', interval: '2' }],
  ])('refuses %s with what was expected', async (_, wanted) => {
    await using world = await CohortWorld.start();
    const { status, body } = await world.api('POST', '', wanted);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(body.error).toMatchObject({ code: expect.any(String), message: expect.any(String) });
  });
});

describe('an unknown sync ID', () => {
  it('gets a short answer, for any length of the ID', async () => {
    await using world = await CohortWorld.start();
    const { status, body } = await world.api('GET', `/${'x'.repeat(10_000)}`);
    expect(status).toBe(404);
    expect(JSON.stringify(body).length).toBeLessThan(500);
  });
});

describe('an unknown connection', () => {
  it('is answered in terms of connections, not of webhooks', async () => {
    await using world = await CohortWorld.start();
    const { status, body } = await world.api('POST', '', { cohort: '1', connection: 'nowhere' });
    expect(status).toBe(404);
    expect(body.error).toMatchObject({
      code: 'unknown_connection',
      message: expect.stringMatching(/^Unknown connection\. Use a name.*nowhere/),
    });
  });
});

describe('/status', () => {
  it('has the cohorts of each connection', async () => {
    await using world = await CohortWorld.start();
    await world.push(['ada']);
    await world.rest();
    const { cohorts } = await world.service.connection();
    expect(cohorts).toMatchObject([{ cohort: '12345', name: 'Power users', brazeMembers: 1 }]);
  });
});
