/** Cases in which mock-mixpanel has to answer as Mixpanel's documents and clients, or reports of others, say. */
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import type { Exchange, VendorCase } from './vendor-case.ts';

const token = 'mixpanel-token';
const authorization = `Basic ${Buffer.from('service-account:service-secret').toString('base64')}`;
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
];
