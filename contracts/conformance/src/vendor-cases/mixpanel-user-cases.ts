/** Cases of profiles, pages and cohorts in which mock-mixpanel has to answer as Mixpanel's documents and clients say. */
import {
  anonymous,
  authorization,
  form,
  identified,
  onOriginalIdentity,
  project,
  token,
} from './mixpanel-requests.ts';
import type { Exchange, VendorCase } from './vendor-case.ts';

/** An update as the Python client sends it. */
const people = (update: object): Exchange => ({
  path: '/engage',
  body: String(
    new URLSearchParams({
      data: JSON.stringify({
        ...{ $token: token, $time: Date.now() / 1_000, $distinct_id: 'ada', $ignore_time: true },
        ...update,
      }),
      ...{ verbose: '1', ip: '0' },
    }),
  ),
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  answer: { status: 1, error: null },
});
const profiles = (expected: readonly object[]): Exchange => ({
  ...{ method: 'GET', path: '/_sim/profiles' },
  answer: expected.map(properties => ({ distinct_id: 'ada', properties })),
});

/** A query that is refused. */
const profileQuery = {
  path: `/api/query/engage?${project}`,
  headers: { authorization },
  status: 400,
} as const;

export const mixpanelUserCases: readonly VendorCase[] = [
  ...['/track', '/engage', '/groups'].map((path): VendorCase => {
    const route = { '/track': 'track', '/engage': 'engage-update', '/groups': 'groups-update' }[path]!;
    return {
      title: `a page of another origin may read ${path}, also after a preflight`,
      ...{ route, source: 'live answers' },
      exchanges: [
        {
          ...{ method: 'OPTIONS', path, status: 204 },
          headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
          answerHeaders: {
            'access-control-allow-origin': 'https://shop.example',
            'access-control-allow-credentials': 'true',
          },
        },
        form(path, '[]', {
          headers: { origin: 'https://shop.example' },
          answerHeaders: { 'access-control-allow-origin': 'https://shop.example' },
        }),
      ],
    };
  }),
  {
    title: 'a query for profiles with a body that is no form is refused, not answered with every user',
    ...{ route: 'engage', source: 'choice of this simulator' },
    exchanges: [
      { ...profileQuery, body: { distinct_id: 'ada' } },
      {
        ...profileQuery,
        headers: { authorization, 'content-type': 'multipart/form-data; boundary=x' },
        body: '--x\r\ncontent-disposition: form-data; name="distinct_id"\r\n\r\nada\r\n--x--\r\n',
      },
      { ...profileQuery, headers: { authorization, 'content-encoding': 'br' }, body: 'distinct_id=ada' },
    ],
  },
  ...(
    [
      ['GET', '/flags', { code: 200, flags: {} }],
      ['POST', '/record', { code: 200 }],
    ] as const
  ).map(
    ([method, path, answer]): VendorCase => ({
      title: `a page may use ${path}, which is accepted and counted`,
      ...{ route: path.slice(1), source: 'mixpanel-browser' },
      exchanges: [
        {
          ...{ method, path, answer },
          headers: {
            origin: 'https://shop.example',
            authorization: `Basic ${Buffer.from(`${token}:`).toString('base64')}`,
          },
          answerHeaders: { 'access-control-allow-origin': 'https://shop.example' },
        },
      ],
    }),
  ),
  {
    title: 'people_* of the Python client arrive, each as it is sent',
    ...{ route: 'engage-update', source: 'mixpanel (Python)' },
    exchanges: [
      ...[
        { $set: { games: 1, tags: ['a', 'b'] } },
        { $set_once: { games: 7, first: 'once' } },
        { $add: { games: 4 } },
        { $append: { tags: 'c' } },
        { $union: { tags: ['c', 'd'] } },
        { $remove: { tags: 'a' } },
        { $unset: ['first'] },
        { $append: { $transactions: { $amount: 9.5 } } },
      ].map(operation => people(operation)),
      profiles([{ games: 5, tags: ['b', 'c', 'd'], $transactions: [{ $amount: 9.5 }] }]),
      people({ $unset: ['$transactions'] }),
      profiles([{ games: 5, tags: ['b', 'c', 'd'] }]),
      people({ $delete: '' }),
      profiles([]),
    ],
  },
  {
    title: 'an update with $ignore_alias is of the ID as given, without it of the merged user',
    ...{ route: 'engage-update', source: 'User Profiles' },
    exchanges: [
      onOriginalIdentity,
      identified('ada', anonymous),
      people({ $distinct_id: anonymous, $set: { plan: 'pro' } }),
      people({ $distinct_id: anonymous, $set: { device: 'phone' }, $ignore_alias: true }),
      {
        ...{ method: 'GET', path: '/_sim/profiles' },
        answer: [
          { distinct_id: 'ada', properties: { plan: 'pro' } },
          { distinct_id: anonymous, properties: { device: 'phone' } },
        ],
      },
    ],
  },
  {
    title: 'the error of an update names first the token, then the IDs, then the operation',
    ...{ route: 'engage-update', source: 'choice of this simulator' },
    exchanges: (
      [
        [{}, 'token, missing or empty'],
        [{ $token: token }, '$distinct_id, missing or empty'],
        [{ $token: token, $distinct_id: 'ada', $add: [] }, '$add is invalid: must be an object of numbers'],
      ] as const
    ).map(([update, error]) =>
      form('/engage?verbose=1', JSON.stringify({ $add: [], ...update }), { answer: { status: 0, error } }),
    ),
  },
  ...(
    [
      ['webhook', { type: 'webhook', url: 'http://127.0.0.1:9/' }, 30, 'Custom Webhooks'],
      [
        'braze',
        { type: 'braze', restEndpoint: 'http://127.0.0.1:9/', dataImportKey: 'import-key' },
        120,
        '"Mixpanel" (Technology Partners)',
      ],
    ] as const
  ).map(
    ([type, destination, minutes, source]): VendorCase => ({
      title: `a sync of the kind ${type} runs every ${minutes} minutes, unless it names another interval`,
      ...{ route: `cohort-sync.${type}`, source },
      exchanges: [
        { method: 'PUT', path: '/_sim/cohorts/1', body: { name: 'Buyers', members: ['ada'] } },
        {
          ...{ path: '/_sim/syncs', body: { cohort: 1, destination }, status: 201 },
          answer: { interval: minutes * 60_000 },
        },
        {
          ...{ path: '/_sim/syncs', body: { cohort: 1, destination, interval: '15m' }, status: 201 },
          answer: { interval: 15 * 60_000 },
        },
      ],
    }),
  ),
];
