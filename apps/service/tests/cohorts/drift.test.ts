import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { track } from '../../src/testing/braze-gateway.ts';
import { CohortWorld, cohortEnvironment } from '../../src/testing/cohort-world.ts';
import { RunningService } from '../../src/testing/running-service.ts';

const attribute = 'mixpanel_cohort_12345';
const settings = { BRAZE_ANALYTICS_KEY: 'braze-rest-key', COHORT_SEGMENTS: '12345:segment-1' };
const hour = 3_600_000;
const post = (world: CohortWorld, path: string, body: unknown) =>
  fetch(`${world.braze.url}/_sim/${path}`, { method: 'POST', body: JSON.stringify(body) });
const series = (world: CohortWorld) => world.requests('segments-data-series');

const findings = async ({ service }: CohortWorld) =>
  (await service.connection()).findings!.filter(({ id }) => id === 'cohort_drift');

it('a segment with 10 users more than its cohort is a finding, and no longer when COHORT_SEGMENTS does not have it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'drift-'));
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => rm(folder, { recursive: true }));
  const ids = Array.from({ length: 12 }, (_, index) => `user-${index}`);
  const environment = { ...track, STORAGE_URL: `sqlite:${join(folder, 'service.db')}` };
  await using world = await CohortWorld.start({ ...environment, ...settings }, {}, ids);
  const filter = { type: 'custom_attribute', name: attribute, operator: 'is_true' };
  await post(world, 'segments', { name: 'Cohort', filter });
  for (const external_id of ids)
    await post(world, 'users', { external_id, attributes: { [attribute]: true } });
  await world.push(['user-0']);
  await world.rest();
  expect(await findings(world)).toMatchObject([
    { severity: 'unverified', message: expect.stringContaining('Cohort 12345: Not compared yet.') },
  ]);
  await world.clock.advance(4 * hour);
  await world.rest();
  expect(await findings(world)).toMatchObject([
    {
      ...{ severity: 'warning', deadline: null },
      message: expect.stringMatching(
        /: segment segment-1 has about 12 users \(\d{4}-\d\d-\d\d\), and Braze accepted 1 of cohort 12345\.$/,
      ),
    },
  ]);
  await world.service[Symbol.asyncDispose]();
  await using again = await RunningService.start(
    { ...cohortEnvironment(world.braze.url), ...environment },
    { clock: world.clock },
  );
  const { findings: left, cohorts } = await again.connection();
  expect(cohorts).toMatchObject([{ cohort: '12345', drift: null }]);
  expect(left!.some(({ id }) => id === 'cohort_drift')).toBe(false);
});

it('users that the segment has besides the members of a cohort are found at 04:00 UTC, by one request', async () => {
  await using world = await CohortWorld.start({ ...track, ...settings }, {}, ['ada', 'bob', 'eve']);
  const filter = { type: 'custom_attribute', name: attribute, operator: 'is_true' };
  await post(world, 'segments', { name: 'Cohort', filter });
  await post(world, 'users', { external_id: 'eve', attributes: { [attribute]: true } });
  await world.push(['ada', 'bob']);
  expect(await world.sync()).toMatchObject({ drift: null });
  await world.clock.advance(4 * hour);
  expect(await world.sync()).toMatchObject({
    drift: {
      ...{
        checkedAt: '2026-03-01T04:00:00.000Z',
        segment: 'segment-1',
        day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      },
      ...{ size: 3, accepted: 2, difference: 1, why: null },
    },
  });
  const metrics = await (await fetch(`${world.service.service.url}/metrics`)).text();
  expect(metrics).toMatch(/cohort_segment_users\{connection="default",cohort="12345"\} 3\n/);
  await post(world, 'users', { external_id: 'eve', attributes: { [attribute]: false } });
  await world.clock.advance(24 * hour);
  expect(await world.sync()).toMatchObject({ drift: { size: 2, accepted: 2, difference: 0 } });
  expect(series(world)).toHaveLength(2);
});

it('the drift of a partner cohort is read from the segment of the cohort', async () => {
  await using world = await CohortWorld.start(settings, {}, ['ada']);
  await post(world, 'segments', {
    ...{ name: 'Cohort', filter: { type: 'mixpanel_cohort', operator: 'includes', cohort: '12345' } },
  });
  await world.push(['ada', 'ghost']);
  await world.rest();
  await world.clock.advance(4 * hour);
  expect(await world.sync()).toMatchObject({ drift: { size: 1, accepted: 2, difference: -1 } });
});

it('a cohort without a segment is not checked', async () => {
  await using world = await CohortWorld.start({ ...settings, COHORT_SEGMENTS: '678:segment-1' }, {}, ['ada']);
  await world.push(['ada']);
  await world.rest();
  await world.clock.advance(24 * hour);
  expect(await world.sync()).toMatchObject({ drift: null });
  expect(series(world)).toHaveLength(0);
});

it.each([
  ['without a key', { BRAZE_ANALYTICS_KEY: '' }, 'BRAZE_REST_URL and BRAZE_ANALYTICS_KEY are not both set.'],
  [
    'with a key that Braze rejects',
    { BRAZE_ANALYTICS_KEY: 'another-key' },
    'Braze rejected BRAZE_ANALYTICS_KEY for /segments/data_series: it does not know this key. Check the key, and that BRAZE_REST_URL is the instance of your dashboard.',
  ],
  [
    'of an unknown segment',
    {},
    'Braze returned 400: {"message":"Invalid Segment ID"} for /segments/data_series.',
  ],
])('the drift %s is not known, with the reason, and the sync goes on', async (_, more, why) => {
  await using world = await CohortWorld.start({ ...track, ...settings, ...more }, {}, ['ada']);
  await world.push(['ada']);
  await world.rest();
  await world.clock.advance(4 * hour);
  expect(await world.sync()).toMatchObject({
    ...{ brazeMembers: 1, problem: null },
    drift: { size: null, accepted: null, difference: null, why },
  });
  expect(await findings(world)).toMatchObject([
    {
      severity: 'unverified',
      message: `It is not known whether Braze has users besides the members. Cohort 12345: ${why}`,
    },
  ]);
});

it('the drift is not known while the safety stop holds the newest list', async () => {
  await using world = await CohortWorld.start({ ...track, ...settings, COHORT_SAFETY_STOP: '0' }, {}, [
    'ada',
  ]);
  await world.push(['ada', 'bob', 'cy']);
  await world.rest();
  await world.push(['ada'], { session: 's2' });
  await world.rest();
  await world.clock.advance(4 * hour);
  expect(await world.sync()).toMatchObject({
    drift: { why: "Mixpanel's newest list is not sent completely, so Braze has other members." },
  });
  expect(series(world)).toHaveLength(0);
});
