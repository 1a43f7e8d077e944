/** Cases of the service with Mixpanel's query API: the list of cohorts, and the pages of a cohort. */
import assert from 'node:assert/strict';
import { CohortError, queryClient } from '@braze-mixpanel/service/contracts';
import { MatchersV3 } from '@pact-foundation/pact';
import type { HttpCase } from '../contract.ts';
import { connectionTo, neverStops, vendor } from '../service-connection.ts';

const { eachLike, fromProviderState, integer, like, string } = MatchersV3;

export const cohort = { id: 12345, members: ['ada', 'alan', 'grace'], pageSize: 2 };
export const matchProperty = '$braze_external_id';
const session = '1700000000-abc123';

const cohortExists = { description: 'a cohort that takes two pages', parameters: cohort };

/** A client without retries, which are not part of an exchange. */
function clientOf(url: string, changes?: Record<string, string>) {
  return queryClient({
    mixpanel: connectionTo(url, changes).mixpanel,
    budget: { take: async () => ({ granted: true }), leave: async () => {} },
    clock: { now: vendor.now },
    vendor,
    policy: { retryBaseMs: 0, retryMaxMs: 0 },
    random: () => 0,
    wait: async () => {},
  });
}

function requestTo(path: string, body?: object, secret = 'service-secret') {
  return {
    method: 'POST',
    path,
    query: { project_id: '12345' },
    headers: {
      Authorization: `Basic ${Buffer.from(`service-account:${secret}`).toString('base64')}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    ...(body && { body }),
  };
}

const engage = (more: object = {}) =>
  requestTo('/api/query/engage', {
    filter_by_cohort: JSON.stringify({ id: cohort.id }),
    output_properties: JSON.stringify([matchProperty]),
    ...more,
  });

const page = (number: number, results: number) => ({
  status: 200,
  body: {
    page: number,
    page_size: cohort.pageSize,
    results: eachLike(
      { $distinct_id: string('ada'), $properties: like({ [matchProperty]: 'braze-ada' }) },
      results,
    ),
    session_id: string(session),
    status: 'ok',
    total: cohort.members.length,
  },
});

const firstPage = { cohort: String(cohort.id), properties: [matchProperty], page: 0 };

export const queryCases: readonly HttpCase[] = [
  {
    interaction: {
      states: [cohortExists],
      uponReceiving: 'a query for the list of cohorts',
      withRequest: requestTo('/api/query/cohorts/list'),
      willRespondWith: {
        status: 200,
        body: eachLike({ id: integer(cohort.id), name: string('Big spenders'), count: integer(3) }),
      },
    },
    async play(url) {
      const [listed] = await clientOf(url).list(neverStops);
      assert.deepEqual(listed, { id: String(cohort.id), name: 'Big spenders', count: 3 });
    },
  },
  {
    interaction: {
      states: [cohortExists],
      uponReceiving: 'a query for the first page of a cohort',
      withRequest: engage(),
      willRespondWith: page(0, 2),
    },
    async play(url) {
      const came = await clientOf(url).page(firstPage, neverStops);
      assert.deepEqual([came.results.length, came.session_id], [2, session]);
    },
  },
  {
    interaction: {
      states: [cohortExists, { description: 'its first page was read' }],
      uponReceiving: 'a query for the last page of a cohort',
      withRequest: engage({ session_id: fromProviderState('session', session), page: '1' }),
      willRespondWith: page(1, 1),
    },
    async play(url) {
      const came = await clientOf(url).page({ ...firstPage, page: 1, session }, neverStops);
      assert.deepEqual([came.page, came.results.length], [1, 1]);
    },
  },
  {
    interaction: {
      states: [cohortExists],
      uponReceiving: 'a query with wrong credentials',
      withRequest: requestTo('/api/query/cohorts/list', undefined, 'wrong-secret'),
      willRespondWith: { status: 401 },
    },
    play: url =>
      failsWith('mixpanel_query_credentials_refused', () =>
        clientOf(url, { MIXPANEL_SERVICE_SECRET: 'wrong-secret' }).list(neverStops),
      ),
  },
  {
    interaction: {
      states: [
        cohortExists,
        { description: 'the project is over its rate limit', parameters: { route: 'engage' } },
      ],
      uponReceiving: 'a query over the rate limit',
      withRequest: engage(),
      willRespondWith: { status: 429 },
    },
    play: url => failsWith('mixpanel_query_throttled', () => clientOf(url).page(firstPage, neverStops)),
  },
];

async function failsWith(code: CohortError['code'], query: () => Promise<unknown>): Promise<void> {
  await assert.rejects(query, error => error instanceof CohortError && error.code === code);
}
