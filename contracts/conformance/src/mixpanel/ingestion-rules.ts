/**
 * Rules of Mixpanel's ingestion API, as requests with expected answers. They run against the simulator in
 * every test run, and against a real project if its keys are given. Each names the rule of the simulator's
 * coverage that it checks, word for word.
 */
import { deepStrictEqual, strictEqual } from 'node:assert/strict';

export interface IngestionAccess {
  readonly url: string;
  readonly serviceAccount: string;
  readonly serviceSecret: string;
  readonly projectId: string;
  readonly token: string;
  /** Prefix of every ID, so that no real data is touched. */
  readonly prefix: string;
}

interface Answered {
  readonly status: number;
  /** The parsed body if it is JSON. */
  readonly body: unknown;
}

export interface Ingestion {
  readonly access: IngestionAccess;
  /** `/import` with a service account. */
  importEvents(events: unknown, query?: string, secret?: string): Promise<Answered>;
  /** A request as client libraries send it: a form with `data` as JSON text. */
  form(path: string, data: unknown): Promise<Answered>;
}

export interface IngestionRule {
  readonly route: string;
  readonly rule: string;
  check(ingestion: Ingestion): Promise<void>;
}

export function ingestionOf(access: IngestionAccess): Ingestion {
  const send = async (target: string, headers: Record<string, string>, body: string): Promise<Answered> => {
    const answer = await fetch(access.url.replace(/\/+$/, '') + target, { method: 'POST', headers, body });
    const text = await answer.text();
    return { status: answer.status, body: /^[[{]/.test(text) ? JSON.parse(text) : text.trim() };
  };
  return {
    access,
    importEvents: (events, query = 'strict=1', secret = access.serviceSecret) => {
      const credentials = Buffer.from(`${access.serviceAccount}:${secret}`).toString('base64');
      const headers = { authorization: `Basic ${credentials}`, 'content-type': 'application/json' };
      return send(`/import?ip=0&project_id=${access.projectId}&${query}`, headers, JSON.stringify(events));
    },
    form: (path, data) =>
      send(
        path,
        { 'content-type': 'application/x-www-form-urlencoded' },
        String(new URLSearchParams({ data: JSON.stringify(data) })),
      ),
  };
}

let count = 0;
const event = ({ access: { prefix } }: Ingestion, more: Record<string, unknown> = {}) => ({
  event: 'Conformance',
  properties: {
    time: Math.floor(Date.now() / 1000) - 60,
    distinct_id: `${prefix}ada`,
    $insert_id: `${prefix}${count++}`,
    ...more,
  },
});
const tracked = (ingestion: Ingestion, more: Record<string, unknown> = {}) =>
  event(ingestion, { token: ingestion.access.token, ...more });
const profile = ({ access: { token, prefix } }: Ingestion, more: Record<string, unknown> = {}) => ({
  $token: token,
  $distinct_id: `${prefix}ada`,
  $set: { conformance: true },
  ...more,
});

const forms = '1 or 0; verbose=1 and strict=1 change the form';
const verboseTwo = 'verbose=2 is answered as verbose=1';
const oneValid = (applied: string) => `1 when one ${applied}; 0 when none is, not as soon as one is invalid`;

export const ingestionRules: readonly IngestionRule[] = [
  {
    route: 'import',
    rule: 'credentials first: service account with project_id, token or API secret as user, api_key=',
    async check(ingestion) {
      const refused = await ingestion.importEvents('no events', 'strict=1', 'a-wrong-secret');
      deepStrictEqual(refused, {
        status: 401,
        body: { code: 401, error: 'Invalid credentials', status: 'Unauthorized' },
      });
    },
  },
  {
    route: 'import',
    rule: 'strict=1: 400 with failed_records (one per rejected row), the valid rows are imported',
    async check(ingestion) {
      const wrong = event(ingestion, { time: 'yesterday' });
      const { status, body } = await ingestion.importEvents([event(ingestion), wrong]);
      const {
        code,
        error,
        num_records_imported,
        failed_records = [],
      } = body as {
        code?: number;
        error?: string;
        num_records_imported?: number;
        failed_records?: { index: number; field: string; message: string }[];
      };
      strictEqual(status, 400);
      deepStrictEqual(
        [code, error, num_records_imported],
        [400, 'some data points in the request failed validation', 1],
      );
      deepStrictEqual(
        failed_records.map(({ index, field, message }) => ({ index, field, message })),
        [
          {
            index: 1,
            field: 'properties.time',
            message: "'properties.time' is invalid: must be specified as seconds since epoch",
          },
        ],
      );
    },
  },
  {
    route: 'import',
    rule: 'JSON array or NDJSON, optionally gzip; a single object is a batch of one',
    async check(ingestion) {
      deepStrictEqual(await ingestion.importEvents([event(ingestion), event(ingestion)]), {
        status: 200,
        body: { code: 200, num_records_imported: 2, status: 'OK' },
      });
    },
  },
  {
    route: 'track',
    rule: '1 or 0; verbose=1, strict=1, img=1 and callback= change the form',
    async check(ingestion) {
      deepStrictEqual(await ingestion.form('/track?ip=0', tracked(ingestion)), { status: 200, body: '1' });
      const { body } = await ingestion.form('/track?ip=0&verbose=1', tracked(ingestion));
      strictEqual((body as { status?: number }).status, 1);
    },
  },
  {
    route: 'import',
    rule: 'values nest up to 10 levels, not up to 3 (setting nestingDepth)',
    async check(ingestion) {
      const nested = event(ingestion, { value: { a: { b: { c: { d: 1 } } } } });
      const { body } = await ingestion.importEvents([nested]);
      deepStrictEqual(body, { code: 200, num_records_imported: 1, status: 'OK' });
    },
  },
  {
    route: 'track',
    rule: oneValid('event or more is valid, and these are stored'),
    async check(ingestion) {
      const batch = [tracked(ingestion), event(ingestion)];
      deepStrictEqual(await ingestion.form('/track?ip=0', batch), { status: 200, body: '1' });
    },
  },
  {
    route: 'track',
    rule: verboseTwo,
    async check(ingestion) {
      const { body } = await ingestion.form('/track?ip=0&verbose=2', tracked(ingestion));
      strictEqual((body as { status?: number }).status, 1);
    },
  },
  {
    route: 'track',
    rule: 'each event has the token; without one: token, missing or empty',
    async check(ingestion) {
      const { body } = await ingestion.form('/track?ip=0&verbose=1', event(ingestion));
      deepStrictEqual(body, { status: 0, error: 'token, missing or empty' });
    },
  },
  {
    route: 'track',
    rule: 'nothing readable: data, missing or empty',
    async check(ingestion) {
      const { body } = await ingestion.form('/track?ip=0&verbose=1', '');
      deepStrictEqual(body, { status: 0, error: 'data, missing or empty' });
    },
  },
  {
    route: 'engage-update',
    rule: forms,
    async check(ingestion) {
      deepStrictEqual(await ingestion.form('/engage?ip=0', profile(ingestion)), { status: 200, body: '1' });
      const { body } = await ingestion.form('/engage?ip=0&verbose=1', profile(ingestion, { $token: '' }));
      strictEqual((body as { status?: number }).status, 0);
    },
  },
  {
    route: 'engage-update',
    rule: oneValid('object or more is valid, and these are applied'),
    async check(ingestion) {
      const batch = [profile(ingestion), profile(ingestion, { $set: 'no object' })];
      deepStrictEqual(await ingestion.form('/engage?ip=0', batch), { status: 200, body: '1' });
    },
  },
  {
    route: 'engage-update',
    rule: verboseTwo,
    async check(ingestion) {
      const { body } = await ingestion.form('/engage?ip=0&verbose=2', profile(ingestion));
      strictEqual((body as { status?: number }).status, 1);
    },
  },
  {
    route: 'engage-update',
    rule: 'strict=1 counts num_good_events',
    async check(ingestion) {
      const { body } = await ingestion.form('/engage?ip=0&strict=1&verbose=1', [profile(ingestion)]);
      strictEqual((body as { num_good_events?: number }).num_good_events, 1);
    },
  },
  {
    route: 'groups-update',
    rule: forms,
    async check(ingestion) {
      const { $distinct_id: _, ...group } = profile(ingestion);
      const named = { ...group, $group_key: 'conformance', $group_id: `${ingestion.access.prefix}group` };
      deepStrictEqual(await ingestion.form('/groups?ip=0', named), { status: 200, body: '1' });
    },
  },
];
