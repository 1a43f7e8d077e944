import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Exchange, verdictOf } from './verdict.ts';

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

describe('a 200', () => {
  it('settles the request when its count covers everything sent', () => {
    expect(verdictOf(answered(200, imported(3)), ids)).toEqual({ kind: 'imported' });
  });

  it('with a smaller count is halved, until the single event that was not imported is found', () => {
    expect(verdictOf(answered(200, imported(2)), ids)).toEqual({ kind: 'halve' });
    expect(verdictOf(answered(200, imported(0)), ['id-0'])).toMatchObject({ kind: 'refused' });
  });

  it.each(['', 'OK', '1', '{"code":200,"num_rec', '[]', 'null', '{"code":200}', '<html></html>'])(
    'with the body %j is no answer of Mixpanel, and the request is sent again',
    body => {
      expect(verdictOf(answered(200, body), ids)).toMatchObject({
        kind: 'retry',
        code: 'mixpanel_answer_malformed',
      });
    },
  );
});

describe('a 400', () => {
  it('kills the events whose index it names, with field and message, and no other', () => {
    expect(verdictOf(answered(400, refused([badTime], 2)), ids)).toEqual({
      kind: 'partly_refused',
      refused: new Map([[1, 'properties.time: invalid']]),
    });
  });

  it('is matched by index, however the insert id is spelled', () => {
    const record = { index: 2, $insert_id: 'id-2', field: 'event', message: 'blank' };
    expect(verdictOf(answered(400, refused([record])), ids)).toMatchObject({ kind: 'partly_refused' });
  });

  it.each<[string, unknown]>([
    ['strings, as for a project on simplified identity', refused(['$identify is not supported'], 0)],
    ['an index that was not sent', refused([{ ...badTime, index: 3 }])],
    ['a negative index', refused([{ ...badTime, index: -1 }])],
    ["another event's insert id", refused([{ ...badTime, insert_id: 'id-2' }], 2)],
    ['a count that does not add up', refused([badTime], 1)],
    ['records without an index', refused([{ insert_id: 'id-1' }], 2)],
    ['an empty list beside imported events', refused([], 2)],
  ])('with %s is halved, and refuses an event that was sent alone', (_what, body) => {
    expect(verdictOf(answered(400, body), ids)).toEqual({ kind: 'halve' });
    const alone = verdictOf(answered(400, body), ['id-0']);
    expect(alone).toMatchObject({
      kind: 'refused',
      detail: expect.stringContaining('Mixpanel answered 400'),
    });
  });
});

describe('a 400 that says nothing of events', () => {
  it.each<[string, unknown]>([
    ['an empty list', refused([], 0)],
    ['no list', { code: 400, error: 'project_id is required', status: 'Bad Request' }],
    ['no JSON', '<html>Bad Request</html>'],
    ['nothing at all', ''],
  ])('(%s) is unexplained, however many events were sent', (_what, body) => {
    for (const sent of [ids, ['id-0']]) {
      expect(verdictOf(answered(400, body), sent)).toMatchObject({
        kind: 'unexplained',
        detail: expect.stringContaining('Mixpanel answered 400'),
      });
    }
  });
});

describe('another answer', () => {
  it.each([
    [413, ['halve']],
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

  it('keeps the Retry-After of a 429 and of a 503', () => {
    for (const status of [429, 503]) {
      expect(verdictOf(answered(status, '', 7_000), ids)).toMatchObject({ retryAfterMs: 7_000 });
    }
  });

  it('that never came is tried again', () => {
    expect(verdictOf({ kind: 'lost', why: 'ECONNREFUSED' }, ids)).toMatchObject({
      kind: 'retry',
      code: 'mixpanel_unreachable',
      detail: 'ECONNREFUSED',
    });
  });
});

describe('any answer whatsoever', () => {
  const record = fc.record(
    { index: fc.integer({ min: -1, max: 5 }), insert_id: fc.constantFrom('id-0', 'id-1', '', 'x') },
    { requiredKeys: [] },
  );
  const body = fc.oneof(
    fc.json(),
    fc.string(),
    fc
      .record(
        {
          code: fc.constantFrom(200, 400),
          num_records_imported: fc.nat(5),
          failed_records: fc.array(fc.oneof(record, fc.string())),
        },
        { requiredKeys: [] },
      )
      .map(value => JSON.stringify(value)),
  );
  const exchange: fc.Arbitrary<Exchange> = fc.record({
    kind: fc.constant('answered' as const),
    status: fc.oneof(fc.constantFrom(200, 400), fc.integer({ min: 200, max: 599 })),
    body,
    retryAfterMs: fc.constant(undefined),
  });
  const sent = fc
    .integer({ min: 1, max: 4 })
    .map(count => Array.from({ length: count }, (_, index) => `id-${index}`));

  it('has a verdict; only a single event is refused whole, and a 400 is never sent again as it was', () => {
    fc.assert(
      fc.property(exchange, sent, (exchange, sent) => {
        const verdict = verdictOf(exchange, sent);
        if (verdict.kind === 'refused') expect(sent).toHaveLength(1);
        if (verdict.kind === 'halve') expect(sent.length).toBeGreaterThan(1);
        if (exchange.kind === 'answered' && exchange.status === 400) {
          expect(['partly_refused', 'halve', 'refused', 'unexplained']).toContain(verdict.kind);
        }
        if (verdict.kind === 'partly_refused') {
          expect(verdict.refused.size).toBeGreaterThan(0);
          for (const index of verdict.refused.keys()) expect(sent[index]).toBeDefined();
        }
        if ('detail' in verdict) expect(verdict.detail.length).toBeLessThan(400);
      }),
    );
  });
});
