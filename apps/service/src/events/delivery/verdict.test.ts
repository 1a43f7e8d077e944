import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../vendor-http/exchange.ts';
import { verdictOf } from './verdict.ts';

const answered = (status: number, body: unknown, retryAfterMs?: number): Exchange => ({
  kind: 'answered',
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  retryAfterMs,
});
const ids = ['id-0', 'id-1', 'id-2'];
const imported = (count: number) => ({ code: 200, num_records_imported: count, status: 'OK' });
const refused = (records: unknown, count?: number) => ({
  code: 400,
  error: 'some data points in the request failed validation',
  failed_records: records,
  ...(count !== undefined && { num_records_imported: count }),
  status: 'Bad Request',
});
const badTime = { index: 1, insert_id: 'id-1', field: 'properties.time', message: 'invalid' };

const malformed = { kind: 'retry', code: 'mixpanel_answer_malformed' };
const refusesAll = { kind: 'park', code: 'mixpanel_refuses_all' };

describe('a 200', () => {
  it('settles the request when its count is exactly the number of sent events', () => {
    expect(verdictOf(answered(200, imported(3)), ids)).toEqual({ kind: 'imported' });
    expect(
      verdictOf(answered(200, { num_records_imported: 3, failed_records: [], error: null }), ids),
    ).toEqual({
      kind: 'imported',
    });
  });

  it.each<[string, unknown]>([
    ['a smaller count', imported(2)],
    ['a count of nothing', imported(0)],
    ['a count above what was sent', imported(4)],
    ['a negative count', imported(-1)],
    ['half an event', imported(2.5)],
    ['a count that is no number', '{"code":200,"num_records_imported":"3"}'],
    ['a count of null', '{"code":200,"num_records_imported":null}'],
    ['an event that failed beside a full count', { ...imported(3), failed_records: [badTime] }],
    ['failed events that are no list', { ...imported(3), failed_records: { 0: badTime } }],
    ['the code of a refusal', { ...imported(3), code: 400 }],
    ['an error', { ...imported(3), error: 'some data points in the request failed validation' }],
    ['the status of a refusal', { ...imported(3), status: 'Bad Request' }],
  ])('with %s proves nothing about any event', (_what, body) => {
    for (const sent of [ids, ['id-0']])
      expect(verdictOf(answered(200, body), sent)).toMatchObject({ kind: 'unexplained', failure: malformed });
  });

  it.each([
    '',
    'OK',
    '1',
    '{"code":200,"num_rec',
    '[]',
    'null',
    '{"code":200}',
    '<html></html>',
    '<?xml ?><a/>',
  ])('with the body %j is no answer of Mixpanel, and the request is sent again', body => {
    expect(verdictOf(answered(200, body), ids)).toMatchObject(malformed);
  });

  it('that reports everything as imported counts only with its own status', () => {
    for (const status of [201, 202, 204, 206])
      expect(verdictOf(answered(status, imported(3)), ids)).toMatchObject(malformed);
  });
});

describe('a 400', () => {
  it('refuses the events whose index it names, with field and message, and no other', () => {
    expect(verdictOf(answered(400, refused([badTime], 2)), ids)).toEqual({
      kind: 'partly_refused',
      refused: new Map([[1, 'properties.time: invalid']]),
    });
  });

  it('is matched by index, for any spelling of the insert ID', () => {
    const record = { index: 2, $insert_id: 'id-2', field: 'event', message: 'blank' };
    expect(verdictOf(answered(400, refused([record], 2)), ids)).toMatchObject({ kind: 'partly_refused' });
  });

  it('refuses an event that was sent alone and is named by a text only', () => {
    for (const count of [0, undefined])
      expect(verdictOf(answered(400, refused(['$identify is not supported'], count)), ['id-0'])).toEqual({
        kind: 'partly_refused',
        refused: new Map([[0, '$identify is not supported']]),
      });
  });

  it.each<[string, unknown]>([
    ['strings, as for a project on simplified identity', refused(['$identify is not supported'], 0)],
    ['an index that was not sent', refused([{ ...badTime, index: 3 }], 2)],
    ['a negative index', refused([{ ...badTime, index: -1 }], 2)],
    ["another event's insert id", refused([{ ...badTime, insert_id: 'id-2' }], 2)],
    ['a smaller count than it leaves', refused([badTime], 1)],
    ['a count of everything', refused([badTime], 3)],
    ['no count of the others', refused([badTime])],
    ['one event named twice', refused([badTime, badTime], 1)],
    ['records without an index', refused([{ insert_id: 'id-1' }], 2)],
    ['an empty list beside imported events', refused([], 2)],
    ['everything imported', refused([], 3)],
    ['the code of a success', { ...refused([badTime], 2), code: 200 }],
    ['an empty list', refused([], 0)],
    ['no list', { code: 400, error: 'project_id is required', status: 'Bad Request' }],
    ['no JSON', '<html>Bad Request</html>'],
    ['an XML document', '<?xml version="1.0"?><Error><Code>BadRequest</Code></Error>'],
    ['half of an answer', '{"code":400,"failed_records":[{"index":1'],
    ['nothing at all', ''],
  ])('with %s proves nothing about any event', (_what, body) => {
    expect(verdictOf(answered(400, body), ids)).toMatchObject({
      kind: 'unexplained',
      failure: { ...refusesAll, detail: expect.stringContaining('Mixpanel returned 400') },
    });
  });

  it.each<[string, unknown]>([
    ['another index', refused([{ ...badTime, index: 1 }], 0)],
    ["another event's insert id", refused([{ ...badTime, index: 0 }], 0)],
    ['itself counted as imported', refused(['no'], 1)],
    ['no word about it', refused([], 0)],
  ])('to an event that was sent alone, with %s, proves nothing about it', (_what, body) => {
    expect(verdictOf(answered(400, body), ['id-0'])).toMatchObject({ kind: 'unexplained' });
  });
});

describe('another answer', () => {
  it.each([
    [413, ['unexplained']],
    [402, ['park', 'mixpanel_payment_required']],
    [401, ['park', 'mixpanel_credentials_refused']],
    [403, ['park', 'mixpanel_credentials_refused']],
    [404, ['park', 'mixpanel_address_refused']],
    [301, ['park', 'mixpanel_address_refused']],
    [422, ['park', 'mixpanel_address_refused']],
    [408, ['retry', 'mixpanel_failing']],
    [429, ['retry', 'mixpanel_throttled']],
    [500, ['retry', 'mixpanel_failing']],
    [503, ['retry', 'mixpanel_failing']],
    [204, ['retry', 'mixpanel_answer_malformed']],
  ])('%i leads to %j', (status, [kind, code]) => {
    expect(verdictOf(answered(status, ''), ids)).toMatchObject({ kind, ...(code && { code }) });
  });

  it.each([
    { error: 'Unable to authenticate request', request: '/import?strict=1', status: 0 },
    { error: 'unauthorized, invalid project secret' },
  ])('about authentication parks for the credentials: 400 %j', body => {
    expect(verdictOf(answered(400, body), ids)).toMatchObject({
      ...{ kind: 'park', code: 'mixpanel_credentials_refused' },
      detail: expect.stringContaining(body.error),
    });
  });

  it('that quotes an event, or names one, is not about authentication', () => {
    const quoted = 'some data points in the request failed validation: Unable to authenticate request';
    for (const body of [{ error: quoted }, { error: 'Unable to authenticate request', failed_records: [] }])
      expect(verdictOf(answered(400, body), ids)).toMatchObject({ kind: 'unexplained', failure: refusesAll });
  });

  it('that redirects names its target', () => {
    const exchange = { ...answered(308, ''), redirectTo: 'https://gateway.example/login' };
    expect(verdictOf(exchange, ids)).toMatchObject({
      code: 'mixpanel_address_refused',
      detail: 'Mixpanel returned 308, a redirect to https://gateway.example/login',
    });
  });

  it('keeps the Retry-After of a 429 and of a 503', () => {
    for (const status of [429, 503]) {
      expect(verdictOf(answered(status, '', 7_000), ids)).toMatchObject({ retryAfterMs: 7_000 });
    }
  });

  it('that never arrives is retried', () => {
    expect(verdictOf({ kind: 'lost', why: 'ECONNREFUSED' }, ids)).toMatchObject({
      kind: 'retry',
      code: 'mixpanel_unreachable',
      detail: 'ECONNREFUSED',
    });
  });
});

it.each(['[', '{"failed_records":'])('nested 200,000 deep with %j has a verdict as well', opening => {
  for (const status of [200, 400])
    expect(['retry', 'unexplained']).toContain(
      verdictOf(answered(status, opening.repeat(200_000)), ids).kind,
    );
});

it('a verdict quotes no page of a gateway', () => {
  const page = '<html><head><title>413 Request Entity Too Large</title></head><body>nginx</body></html>';
  for (const status of [200, 400, 402, 413, 429, 502]) {
    const verdict = verdictOf(answered(status, page), ids);
    const { detail } = verdict.kind === 'unexplained' ? verdict.failure : (verdict as { detail: string });
    expect(detail).toBe(`Mixpanel returned ${status}: an HTML page titled "413 Request Entity Too Large"`);
  }
});

describe('any answer', () => {
  const record = fc.record(
    { index: fc.integer({ min: -1, max: 5 }), insert_id: fc.constantFrom('id-0', 'id-1', '', 'x') },
    { requiredKeys: [] },
  );
  const account = fc.record(
    {
      code: fc.constantFrom(200, 400),
      num_records_imported: fc.oneof(fc.integer({ min: -1, max: 5 }), fc.constantFrom(0.5, '1', null)),
      failed_records: fc.oneof(fc.array(fc.oneof(record, fc.string())), fc.constantFrom(null, {})),
      error: fc.constantFrom('', 'no', null),
      status: fc.constantFrom('OK', 'Bad Request', 1),
    },
    { requiredKeys: [] },
  );
  const body = fc.oneof(
    fc.json(),
    fc.string(),
    account.map(value => JSON.stringify(value)),
    account.map(value => JSON.stringify(value).slice(0, -3)),
    fc.nat(2_000).map(depth => `${'['.repeat(depth)}${']'.repeat(depth)}`),
    fc.constantFrom('', '<html><title>Busy</title></html>', '<?xml version="1.0"?><e/>', '{"__proto__":[]}'),
  );
  const exchange = fc.record({
    kind: fc.constant('answered' as const),
    status: fc.oneof(fc.constantFrom(200, 400), fc.integer({ min: 100, max: 999 })),
    body,
    retryAfterMs: fc.constant(undefined),
  });
  const sent = fc
    .integer({ min: 1, max: 4 })
    .map(count => Array.from({ length: count }, (_, index) => `id-${index}`));

  it('has a verdict that counts every imported event and names every refused one', () => {
    fc.assert(
      fc.property(exchange, sent, (exchange, sent) => {
        const verdict = verdictOf(exchange, sent);
        const failure = verdict.kind === 'unexplained' ? verdict.failure : verdict;
        if ('detail' in failure) expect(failure.detail.length).toBeLessThan(500);
        if (verdict.kind !== 'imported' && verdict.kind !== 'partly_refused') return;
        const said = JSON.parse(exchange.body) as Record<string, unknown>;
        const refused = verdict.kind === 'imported' ? [] : [...verdict.refused.keys()];
        expect([exchange.status, undefined]).toContain(said.code);
        expect(said.num_records_imported ?? 0).toBe(sent.length - refused.length);
        if (verdict.kind === 'imported') {
          expect(exchange.status).toBe(200);
          expect(said.failed_records ?? []).toEqual([]);
          return;
        }
        expect(exchange.status).toBe(400);
        expect(refused.length).toBeGreaterThan(0);
        const named = (said.failed_records as unknown[]).map(record =>
          typeof record === 'string' ? 0 : (record as { index: number }).index,
        );
        expect(new Set(refused)).toEqual(new Set(named));
      }),
      { numRuns: 1_000 },
    );
  });
});
