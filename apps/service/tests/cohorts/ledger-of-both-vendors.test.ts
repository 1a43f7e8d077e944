import { startMockBraze } from '@braze-mixpanel/mock-braze';
import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { expect, it } from 'vitest';
import type { MembersJson } from '../../src/cohorts/ledger/list-members.ts';
import { accountSettings } from '../../src/testing/mixpanel-account.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

const users = Array.from({ length: 8 }, (_, n) => `user-${n}`);
const member = (distinct_id: string) => ({ distinct_id, properties: {} });

/** A cohort that is read from mock-mixpanel and written as an attribute in mock-braze, on one clock. */
async function world() {
  const stack = new AsyncDisposableStack();
  const mixpanel = stack.adopt(await startMockMixpanel(), each => each.close());
  mixpanel.clock.freeze();
  const clock = `${mixpanel.url}/_sim/clock`;
  const braze = stack.adopt(
    await startMockBraze({
      clockUrl: clock,
      state: { users: users.map(external_id => ({ external_id })) },
    }),
    each => each.close(),
  );
  const control = async (url: string, method: string, body: object) => {
    const answer = await fetch(url, { method, body: JSON.stringify(body) });
    expect(answer.ok).toBe(true);
  };
  const cohort = `${mixpanel.url}/_sim/cohorts/12345`;
  const listed = [...users, 'ghost', '$device:1', 'null'].map(member);
  await control(cohort, 'PUT', { name: 'Buyers', members: listed });
  const service = stack.use(
    await RunningService.start({
      CLOCK_URL: clock,
      ...accountSettings(mixpanel.url),
      BRAZE_REST_URL: braze.url,
      BRAZE_REST_API_KEY: 'braze-rest-key',
      COHORTS: '12345:dynamic',
    }),
  );
  const api = async (path: string) =>
    (await fetch(`${service.service.url}/api/cohorts/12345${path}`, { headers: asOperator })).json();
  return {
    fault: (body: object) => control(`${braze.url}/_sim/faults`, 'POST', body),
    change: (body: object) => control(`${cohort}/members`, 'POST', body),
    advance: (advance: string) => control(clock, 'POST', { advance }),
    ledger: async () => (await api('/members')) as MembersJson,
    isMember(external_id: string) {
      const { users: model } = braze.model;
      return model.attribute(model.find({ external_id })!, 'mixpanel_cohort_12345') === true;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

it('between both simulators, each member is accepted and in Braze, or in the ledger with its state', async () => {
  await using sync = await world();
  const states = async () => {
    const { members, report } = await sync.ledger();
    const { accepted, leaving, removed: _, ...open } = report!.states!;
    const counted = Object.values(open).reduce((sum, count) => sum + count, accepted - leaving);
    expect(counted).toBe(report!.mixpanelMembers);
    return members.map(({ id, state, message }) => [id, state, message]);
  };
  const unmatched = [
    ['null', 'unmatched', null],
    ['$device:1', 'unmatched', null],
  ];

  // Braze is down from the first moment on.
  await sync.fault({ route: 'users-track', kind: 'status', status: 503, for: '4m' });
  await sync.advance('1s');
  await expect
    .poll(states, { timeout: 20_000 })
    .toEqual([...unmatched, ...['ghost', ...users].map(id => [id, 'waiting', null])]);

  // It is back, and refuses some members, also when they are sent once more in the same run.
  await sync.fault({ route: 'users-track', kind: 'partial', share: 0.3, times: 2 });
  await sync.advance('9m');
  const [refused, rest] = [await states(), unmatched.length];
  expect(refused.length).toBeGreaterThan(rest);
  for (const [id, state, message] of refused.slice(rest)) {
    expect([state, message]).toEqual(['refused', expect.stringContaining('by a partial fault')]);
    if (id !== 'ghost') expect(sync.isMember(String(id))).toBe(false);
  }
  const listed = new Set(refused.map(([id]) => id));
  expect(users.filter(id => !listed.has(id) && !sync.isMember(id))).toEqual([]);

  // Ten minutes later, the sample that is read back lacks the member that is no user of Braze.
  await sync.advance('10m');
  expect(await states()).toContainEqual(['ghost', 'unknown', null]);

  // All others are accepted by the next run, and one has left.
  await sync.change({ remove: ['user-0'] });
  await sync.advance('2h');
  expect(await states()).toEqual([...unmatched, ['user-0', 'removed', null]]);
  expect(users.filter(id => !sync.isMember(id))).toEqual(['user-0']);
}, 60_000);
