/** Cases in which mock-mixpanel has to answer as Mixpanel's documents and clients, or reports of others, say. */
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import type { Exchange, VendorCase } from './vendor-case.ts';

const token = 'mixpanel-token';
const authorization = `Basic ${Buffer.from('service-account:service-secret').toString('base64')}`;
/** Anonymous IDs of the original identity mode are UUIDs of version 4. */
const anonymous = 'b1d3a8a8-5a3e-4c0e-9d8a-6f0c2b7e4a11';
const now = () => Math.floor(Date.now() / 1_000) - 60;
const project = 'project_id=12345';

const event = (properties: Record<string, unknown> = {}) => ({
  event: 'Case',
  properties: { time: now(), distinct_id: 'ada', $insert_id: 'case-1', token, ...properties },
});
const imported = (events: unknown, more: Partial<Exchange> = {}): Exchange => ({
  path: `/import?strict=1&${project}`,
  body: events,
  ...more,
  headers: { authorization, ...more.headers },
});
const form = (path: string, data: string, more: Partial<Exchange> = {}): Exchange => ({
  ...{ path, body: String(new URLSearchParams({ data })), ...more },
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...more.headers },
});
const exported = (query: string, more: Partial<Exchange> = {}): Exchange => ({
  ...{ method: 'GET', path: `/api/2.0/export?${project}&${query}`, headers: { authorization }, ...more },
});
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
/** The merged IDs with their canonical ones, as the simulator shows them. */
const merged = (links: readonly (readonly [string, string])[]): Exchange => ({
  ...{ method: 'GET', path: '/_sim/identities' },
  answer: links.map(([distinct_id, canonical]) => ({ distinct_id, canonical })),
});
const identified = ($identified_id: string, $anon_id: string) =>
  form('/track', JSON.stringify({ event: '$identify', properties: { token, $identified_id, $anon_id } }));
const today = () => exported(`from_date=${day(-1)}&to_date=${day(0)}`);
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** JSON in which the tree is two surrogate halves of three bytes, as the browser SDK writes it. */
function withSurrogateHalves(json: string): Uint8Array {
  const tree = Buffer.from([0xed, 0xa0, 0xbc, 0xed, 0xbc, 0xb3]);
  const [before = '', after = ''] = json.split('🌳');
  return Buffer.concat([Buffer.from(before), tree, Buffer.from(after)]);
}

export const mixpanelCases: readonly VendorCase[] = [
  {
    title: 'values nested deeper than three levels are imported',
    ...{ route: 'import', source: 'docs-legacy/pull/2197' },
    exchanges: [
      imported([event({ a: { b: { c: { d: { e: 1 } } } } })], { answer: { num_records_imported: 1 } }),
    ],
  },
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
  ...['/track', '/engage', '/groups'].map((path): VendorCase => {
    const route = { '/track': 'track', '/engage': 'engage-update', '/groups': 'groups-update' }[path]!;
    const data = {
      '/track': event(),
      '/engage': { $token: token, $distinct_id: 'ada', $set: { plan: 'pro' } },
      '/groups': { $token: token, $group_key: 'company', $group_id: 'acme', $set: { plan: 'pro' } },
    }[path];
    return {
      title: `${path}?verbose=2 answers JSON`,
      ...{ route, source: 'bulk import scripts' },
      exchanges: [form(`${path}?verbose=2`, JSON.stringify(data), { answer: { status: 1, error: null } })],
    };
  }),
  {
    title: 'surrogate halves of three bytes each in Base64 are one character',
    ...{ route: 'track', source: 'mixpanel-browser' },
    exchanges: [
      form('/track', base64(withSurrogateHalves(JSON.stringify(event({ tree: '🌳' })))), { answer: 1 }),
      { ...today(), answer: { properties: { tree: '🌳' } } },
    ],
  },
  {
    title: '/track: one good and one bad event of a batch are 1, and the good one is stored',
    ...{ route: 'track', source: 'Track Events' },
    exchanges: [
      form('/track', JSON.stringify([event(), { event: 'No token', properties: {} }]), { answer: 1 }),
      { ...today(), answer: { event: 'Case' } },
      form('/track', JSON.stringify([{ event: 'No token', properties: {} }]), { answer: 0 }),
    ],
  },
  {
    title: 'an export to a day after today is refused',
    ...{ route: 'export', source: 'source-mixpanel' },
    exchanges: [
      exported(`from_date=${day(0)}&to_date=${day(2)}`, {
        status: 400,
        answer: { error: 'to_date cannot be later than today' },
      }),
    ],
  },
  {
    title: 'an export of over 1,400 bytes is compressed for a client that accepts it',
    ...{ route: 'export', source: 'Raw Event Export' },
    exchanges: [
      imported([event({ text: 'x'.repeat(250), more: 'y'.repeat(250), a: ['z'.repeat(250)] })]),
      imported([
        event({ $insert_id: 'case-2', list: Array.from({ length: 200 }, (_, at) => `value ${at}`) }),
      ]),
      { ...today(), answerHeaders: { 'content-encoding': 'gzip' } },
    ],
  },
  {
    title: 'an exported event has its time of receipt',
    ...{ route: 'export', source: 'Raw Event Export' },
    exchanges: [
      imported([event()]),
      { ...today(), answer: { properties: { mp_processing_time_ms: expect.any(Number) } } },
    ],
  },
  {
    title: 'a compressed body may be named x-gzip',
    ...{ route: 'import', source: 'Import Events' },
    exchanges: [
      imported(gzipSync(JSON.stringify([event()])), {
        headers: { 'content-encoding': 'x-gzip', 'content-type': 'application/json' },
        answer: { num_records_imported: 1 },
      }),
    ],
  },
  {
    title: 'an ID of 254 letters and an emoji is kept whole, so that two of them stay two users',
    ...{ route: 'import', source: 'Import Events' },
    exchanges: [
      imported([
        event({ distinct_id: `${'a'.repeat(254)}🌳`, $insert_id: 'case-1' }),
        event({ distinct_id: `${'a'.repeat(254)}🌻`, $insert_id: 'case-2' }),
      ]),
      {
        ...today(),
        answer: [
          { properties: { distinct_id: `${'a'.repeat(254)}🌳` } },
          { properties: { distinct_id: `${'a'.repeat(254)}🌻` } },
        ],
      },
    ],
  },
  ...[
    { event: '$merge', properties: { $distinct_ids: ['ada', 'bob'], token } },
    { event: '$create_alias', properties: { distinct_id: 'ada', alias: 'bob', token } },
    { event: '$identify', properties: { $identified_id: 'ada', $anon_id: anonymous, token } },
  ].map(
    (data): VendorCase => ({
      title: `${data.event} without a time, in a form to /import, is accepted`,
      ...{ route: 'import', source: 'Identity API' },
      exchanges: [
        form(`/import?${project}&verbose=1`, JSON.stringify([data]), {
          headers: { authorization },
          answer: { status: 1, error: null },
        }),
      ],
    }),
  ),
  {
    title: 'a query for profiles with a JSON body is refused, not answered with every user',
    ...{ route: 'engage', source: 'choice of this simulator' },
    exchanges: [
      {
        ...{ path: `/api/query/engage?${project}`, headers: { authorization }, status: 400 },
        body: { distinct_id: 'ada' },
      },
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
  ...(
    [
      ['$identified_id and $anon_id', { $identified_id: 'ada', $anon_id: anonymous }, 'Identity API'],
      [
        'distinct_id and $anon_distinct_id, as the SDKs send it,',
        { distinct_id: 'ada', $anon_distinct_id: anonymous },
        'mixpanel-browser',
      ],
    ] as const
  ).map(
    ([what, properties, source]): VendorCase => ({
      title: `$identify with ${what} merges`,
      ...{ route: 'identity', source },
      exchanges: [
        form('/track', JSON.stringify({ event: '$identify', properties: { token, ...properties } }), {
          answer: 1,
        }),
        merged([[anonymous, 'ada']]),
      ],
    }),
  ),
  {
    title: 'an anonymous ID that is no UUID of version 4 is merged with none',
    ...{ route: 'identity', source: 'diagrams of $identify' },
    exchanges: [identified('ada', 'device-1'), merged([])],
  },
  {
    title: 'an anonymous ID that is merged already joins no second user',
    ...{ route: 'identity', source: 'diagrams of $identify' },
    exchanges: [identified('ada', anonymous), identified('grace', anonymous), merged([[anonymous, 'ada']])],
  },
  {
    title: '$merge is accepted by /import alone',
    ...{ route: 'track', source: 'Identity API' },
    exchanges: [
      form('/track', JSON.stringify({ event: '$merge', properties: { token, $distinct_ids: ['a', 'b'] } }), {
        answer: 0,
      }),
      merged([]),
      imported([{ event: '$merge', properties: { $distinct_ids: ['a', 'b'] } }]),
      merged([['b', 'a']]),
    ],
  },
  {
    title: 'a user has at most 500 IDs',
    ...{ route: 'identity', source: 'Identifying Users (Original)' },
    exchanges: [
      imported(
        Array.from({ length: 499 }, (_, at) => ({
          event: '$merge',
          properties: { $distinct_ids: ['ada', `id-${at}`] },
        })),
        { answer: { num_records_imported: 499 } },
      ),
      imported([{ event: '$merge', properties: { $distinct_ids: ['ada', 'one-too-many'] } }]),
      merged(Array.from({ length: 499 }, (_, at) => [`id-${at}`, 'ada'])),
    ],
  },
  {
    title: 'simplified identity refuses identity events with records as objects',
    ...{ route: 'import', source: 'Identity API' },
    exchanges: [
      { method: 'PUT', path: '/_sim/settings', body: { simplifiedIdentity: true } },
      imported([{ event: '$merge', properties: { $distinct_ids: ['a', 'b'] } }], {
        status: 400,
        answer: { failed_records: [{ index: 0, field: 'event' }] },
      }),
    ],
  },
  {
    title: 'an event without distinct_id is imported',
    ...{ route: 'import', source: 'Import Events' },
    exchanges: [imported([event({ distinct_id: undefined })], { answer: { num_records_imported: 1 } })],
  },
];
