/** Cases in which mock-mixpanel has to answer as Mixpanel's documents and clients, or reports of others, say. */
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { mixpanelDataCases } from './mixpanel-data-cases.ts';
import { mixpanelIdentityCases } from './mixpanel-identity-cases.ts';
import {
  base64,
  day,
  event,
  exported,
  form,
  imported,
  now,
  today,
  token,
  withSurrogateHalves,
} from './mixpanel-requests.ts';
import { mixpanelSchemaCases } from './mixpanel-schema-cases.ts';
import { mixpanelUserCases } from './mixpanel-user-cases.ts';
import type { VendorCase } from './vendor-case.ts';

const isPastWithoutIp = ({ time, ip }: { time: number; ip?: unknown }) =>
  time <= Date.now() / 1_000 && ip === undefined;

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
    title: 'an export from a day after its last is refused',
    ...{ route: 'export', source: 'choice of this simulator' },
    exchanges: [
      exported(`from_date=${day(0)}&to_date=${day(-1)}`, {
        status: 400,
        answer: { error: 'from_date must not be after to_date' },
      }),
      exported(`from_date=${day(-1)}&to_date=${day(-1)}`),
    ],
  },
  {
    title: 'an unknown operation of an update is ignored beside a known one, and refused alone',
    ...{ route: 'engage-update', source: 'choice of this simulator' },
    exchanges: [
      form(
        '/engage?verbose=1',
        JSON.stringify({
          $token: token,
          $distinct_id: 'ada',
          $set: { plan: 'pro' },
          $nope: { plan: 'free' },
        }),
        { answer: { status: 1, error: null } },
      ),
      form(
        '/engage?verbose=1',
        JSON.stringify({ $token: token, $distinct_id: 'ada', $nope: { plan: 'free' } }),
        { answer: { status: 0, error: 'no profile operation, missing or empty' } },
      ),
      {
        ...{ method: 'GET', path: '/_sim/profiles' },
        answer: [{ distinct_id: 'ada', properties: { plan: 'pro' } }],
      },
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
  {
    title: 'an event without distinct_id is imported',
    ...{ route: 'import', source: 'Import Events' },
    exchanges: [imported([event({ distinct_id: undefined })], { answer: { num_records_imported: 1 } })],
  },
  {
    title: 'an event has no ip, its time is not in the future, and with $ignore it is dropped',
    ...{ route: 'import', source: 'Import Events' },
    exchanges: [
      imported([
        event({ ip: '192.0.2.1', time: now() + 1_800 }),
        event({ $insert_id: 'case-2', $ignore: true }),
      ]),
      {
        ...today(),
        answer: { properties: expect.toSatisfy(isPastWithoutIp) },
      },
    ],
  },
  {
    title: 'an export needs a service account with its project, or the API secret',
    ...{ route: 'export', source: 'Authentication' },
    exchanges: (
      [
        ['service-account:service-secret', '&project_id=12345', 200],
        ['service-account:service-secret', '', 401],
        ['mixpanel-secret:', '', 200],
        ['mixpanel-token:', '', 401],
      ] as const
    ).map(([credentials, project, status]) => ({
      ...{ method: 'GET', path: `/api/2.0/export?from_date=${day(0)}&to_date=${day(0)}${project}`, status },
      headers: { authorization: `Basic ${btoa(credentials)}` },
    })),
  },
  {
    title: 'the order of checks: credentials, encoding, size, JSON',
    ...{ route: 'import', source: 'choice of this simulator' },
    exchanges: (() => {
      const compressed = { 'content-encoding': 'gzip', 'content-type': 'application/json' };
      const large = `no JSON${' '.repeat(11 * 1024 * 1024)}`;
      return [
        imported('no gzip', { headers: { ...compressed, authorization: 'Basic bm86' }, status: 401 }),
        imported('no gzip', { headers: compressed, status: 400 }),
        imported(gzipSync(large), { headers: compressed, status: 413 }),
        imported(gzipSync('no JSON'), { headers: compressed, status: 400 }),
      ];
    })(),
  },
  {
    title: 'a change of the time zone moves the exported times of stored events',
    ...{ route: 'export', source: 'choice of this simulator' },
    exchanges: (() => {
      const time = now();
      return [
        imported([event({ time })]),
        { method: 'PUT', path: '/_sim/settings', body: { timeZone: 'Etc/GMT+12' } } as const,
        exported(`from_date=${day(-2)}&to_date=${day(-0.5)}`, {
          answer: { properties: { time: time - 12 * 3_600 } },
        }),
        exported(`from_date=${day(0.5)}&to_date=${day(0.5)}`, {
          ...{ status: 400, answer: { error: 'to_date cannot be later than today' } },
        }),
      ];
    })(),
  },
  ...mixpanelIdentityCases,
  ...mixpanelUserCases,
  ...mixpanelSchemaCases,
  ...mixpanelDataCases,
];
