import { expect, it } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { doctor } from '../../src/doctor/doctor.ts';
import { track } from '../../src/testing/braze-gateway.ts';
import { CohortWorld, cohortEnvironment } from '../../src/testing/cohort-world.ts';
import { asOperator } from '../../src/testing/running-service.ts';

const settings = {
  ...{ BRAZE_ANALYTICS_KEY: 'braze-rest-key', MIXPANEL_TOKEN: 'mixpanel-token' },
  COHORT_SEGMENTS: '12345:segment-1,678:segment-1,9:unheard-of',
};
const hour = 3_600_000;

async function startWorld() {
  const world = await CohortWorld.start({ ...track, ...settings }, {}, ['ada', 'bob']);
  const filter = { type: 'custom_attribute', name: 'mixpanel_cohort_12345', operator: 'is_true' };
  await sim(world, 'POST', 'segments', { name: 'Cohort', filter });
  await world.push(['ada', 'ghost']);
  await world.rest();
  return world;
}

const sim = (world: CohortWorld, method: string, path: string, body: unknown) =>
  fetch(`${world.braze.url}/_sim/${path}`, { method, body: JSON.stringify(body) });

async function segmentsOf(world: CohortWorld, changes: Record<string, string> = {}) {
  const config = readConfig({
    environment: {
      ...{ ...cohortEnvironment(world.braze.url), CURRENTS_TOKEN: 'test-currents-token' },
      ...{ STORAGE_URL: 'sqlite::memory:', ADMIN_TOKEN: asOperator.authorization.replace('Bearer ', '') },
      ...{ PORT: String(world.service.service.port), MIXPANEL_API_URL: world.braze.url },
      ...{ ...settings, ...changes },
    },
  });
  const found = await doctor(config, {
    ...{ fetch, now: () => world.clock.now(), freeBytes: async () => 10 * 1024 ** 3 },
  });
  return found.filter(({ about }) => about.startsWith('Segment'));
}

it('doctor names each segment with its size, its last comparison, and why others are not known', async () => {
  await using world = await startWorld();
  const before = (await segmentsOf(world)).find(({ about }) => about === 'Segment of cohort 12345');
  expect(before).toMatchObject({
    ...{ connection: 'default', about: 'Segment of cohort 12345', result: 'ok' },
    message: expect.stringMatching(
      /^About 1 user on \d{4}-\d\d-\d\d, by Braze's estimate\. Not compared with the members: the service does so at 04:00 UTC, and did not yet\.$/,
    ),
  });
  await world.clock.advance(4 * hour);
  await world.rest();
  const unheard = (about: string) =>
    expect.objectContaining({
      ...{ about, result: 'warning' },
      message: expect.stringContaining('no sync of the cohort.'),
    });
  expect(await segmentsOf(world)).toEqual([
    expect.objectContaining({ about: 'Segment of cohort 9', result: 'failure' }),
    unheard('Segment of cohort 678'),
    expect.objectContaining({
      ...{ about: 'Segment of cohort 12345', result: 'ok' },
      message: expect.stringContaining(
        'Compared at 2026-03-01T04:00:00.000Z: 1 user and 2 accepted members, a difference of -1.',
      ),
    }),
  ]);
});

it.each([
  [
    'with a key that Braze rejects',
    { BRAZE_ANALYTICS_KEY: 'another-key' },
    {
      result: 'failure',
      message: expect.stringMatching(/^Not known: Braze rejected BRAZE_ANALYTICS_KEY for/),
      next: expect.stringContaining('permissions'),
    },
  ],
  [
    'that Braze does not know',
    { COHORT_SEGMENTS: '12345:unheard-of' },
    {
      result: 'failure',
      message: expect.stringMatching(/^Not known: Braze returned 400/),
      next: expect.stringContaining('COHORT_SEGMENTS'),
    },
  ],
  [
    'without a key',
    { BRAZE_ANALYTICS_KEY: '' },
    {
      result: 'failure',
      message: 'Not known: BRAZE_REST_URL and BRAZE_ANALYTICS_KEY are not both set.',
    },
  ],
  [
    'of no cohort',
    { COHORT_SEGMENTS: '' },
    { result: 'skipped', message: expect.stringContaining('it is not known whether') },
  ],
])('doctor says why a segment %s is not known', async (_, changes, expected) => {
  await using world = await startWorld();
  expect(await segmentsOf(world, { COHORT_SEGMENTS: '12345:segment-1', ...changes })).toMatchObject([
    expected,
  ]);
});

it('doctor tries a segment again later while Braze fails, and says that members are known by the running service alone', async () => {
  await using world = await startWorld();
  const one = { COHORT_SEGMENTS: '12345:segment-1' };
  await sim(world, 'POST', 'faults', {
    route: 'segments-data-series',
    kind: 'status',
    status: 503,
    times: 1,
  });
  expect(await segmentsOf(world, one)).toMatchObject([
    { result: 'warning', message: expect.stringMatching(/^Not known: /), next: 'Try again later.' },
  ]);
  expect(await segmentsOf(world, { ...one, PORT: '1' })).toMatchObject([
    { result: 'ok', message: expect.stringContaining('the service on this machine cannot be read') },
  ]);
});
