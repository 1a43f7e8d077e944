import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { forgetVendors } from '../../src/testing/deletion-world.ts';
import { emailSend } from '../../src/testing/events.ts';
import { reconcileWorld, worldStart } from '../../src/testing/reconcile-world.ts';

const day = 24 * 3_600_000;
const sends = (user: string, events: number) =>
  Array.from({ length: events }, () =>
    emailSend({ time: worldStart / 1_000 - 60, user: { user_id: `braze-${user}`, external_user_id: user } }),
  );

/** A report after the deletions of two users are done in Mixpanel, and a loss of `lost` users beside them. */
async function afterDeletions(environment: Record<string, string>, lost: readonly string[] = []) {
  await using service = await reconcileWorld({
    environment: {
      ...{ MIXPANEL_TOKEN: 'mixpanel-token', MIXPANEL_OAUTH_TOKEN: 'mixpanel-oauth-token' },
      ...environment,
    },
  });
  const forgotten = ['customer-one', 'customer-two'];
  const others = ['customer-kept', ...lost];
  await service.emit(...others.flatMap(user => sends(user, 5)), ...forgotten.flatMap(user => sends(user, 6)));
  await service.clock.advance(2 * day);
  for (const user of forgotten) {
    await forgetVendors(service.running, user);
    await service.clock.advance(60_000);
  }
  const tasks = await service.mixpanel.request('GET data-deletions');
  expect(tasks.map(({ distinctIds }) => distinctIds)).toEqual(forgotten.map(user => [user]));
  for (const { id } of tasks)
    await service.mixpanel.request('PUT data-deletions/:id', { params: { id }, body: { status: 'SUCCESS' } });
  for (const user of lost)
    await service.mixpanel.request('PUT data-deletions/:id', {
      params: { id: randomUUID() },
      body: { distinctIds: [user], status: 'SUCCESS' },
    });
  await service.clock.advance(5 * day);
  const { rows, findings, unexplained } = await service.report();
  return {
    causes: rows.flatMap(({ steps }) => steps.flatMap(({ causes }) => causes)),
    findings,
    unexplained,
  };
}

it.each<[string, Record<string, string>]>([
  ['were counted as their bodies were removed', { DELIVERED_RETENTION: '30d' }],
  ['were not kept', {}],
])(
  'events of users whose deletion in Mixpanel is done are a cause with the number of users, and no finding, where they %s',
  async (_title, environment) => {
    expect(await afterDeletions(environment)).toEqual({
      causes: [{ cause: 'deleted_in_mixpanel', reason: '2 users', events: -12 }],
      ...{ findings: [], unexplained: 0 },
    });
  },
);

it('a loss beside deletions whose events were counted is a finding', async () => {
  expect(await afterDeletions({ DELIVERED_RETENTION: '30d' }, ['customer-lost'])).toEqual({
    causes: [{ cause: 'deleted_in_mixpanel', reason: '2 users', events: -12 }],
    ...{ findings: ['2026-03-01 Email Send'], unexplained: 5 },
  });
});
