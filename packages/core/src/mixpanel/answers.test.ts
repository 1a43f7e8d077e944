import { describe, expect, it } from 'vitest';
import {
  importedAnswerSchema,
  refusedAnswerSchema,
  refusesCredentials,
  throttledAnswerSchema,
  tooLargeAnswerSchema,
  unauthorizedAnswerSchema,
} from './index.ts';

describe('a response of /import', () => {
  it('gives the number of imported events', () => {
    const answer = { code: 200, num_records_imported: 2000, status: 'OK', new_field: 1 };
    expect(importedAnswerSchema.parse(answer).num_records_imported).toBe(2000);
  });

  it('names the rejected events of a 400, with either spelling of the insert ID', () => {
    const failed_records = [
      { index: 0, insert_id: 'a', field: 'properties.time', message: 'bad time' },
      { index: 3, $insert_id: 'b', field: 'event' },
    ];
    expect(
      refusedAnswerSchema.parse({ code: 400, failed_records, num_records_imported: 2 }).failed_records,
    ).toEqual([
      { index: 0, insert_id: 'a', field: 'properties.time', message: 'bad time' },
      { index: 3, insert_id: 'b', field: 'event', message: '' },
    ]);
  });

  it('may list the rejected events of a 400 as strings, or omit them', () => {
    const failed_records = ['$identify is not supported'];
    expect(refusedAnswerSchema.parse({ failed_records }).failed_records).toEqual(failed_records);
    expect(refusedAnswerSchema.parse({ error: 'no' }).failed_records).toBeUndefined();
  });

  it.each([
    { failed_records: [{ index: -1 }] },
    { failed_records: [{ field: 'event' }] },
    { failed_records: {} },
    null,
  ])('is not understood when its refused events can’t be found: %j', answer => {
    expect(refusedAnswerSchema.safeParse(answer).success).toBe(false);
  });

  it.each([
    [401, unauthorizedAnswerSchema],
    [413, tooLargeAnswerSchema],
    [429, throttledAnswerSchema],
  ] as const)('explains a %i, and is not taken for another status', (code, schema) => {
    expect(schema.parse({ code, error: 'because', status: 'x' }).error).toBe('because');
    expect(schema.safeParse({ code: 200, error: 'because' }).success).toBe(false);
  });
});

describe('a refusal of the credentials', () => {
  const expired = '{"error":"Unable to authenticate request","request":"/api/query/engage","status":0}';

  it.each([
    [401, '', true],
    [403, '<html>', true],
    [400, expired, true],
    [400, '{"error":" unauthorized, invalid project secret"}', true],
    [200, expired, false],
    [500, expired, false],
    [400, '', false],
    [400, 'Unable to authenticate request', false],
    [400, '["Unable to authenticate request"]', false],
    [400, '{"error":"bad event: Unable to authenticate request"}', false],
    [400, '{"error":"Unable to authenticate request","failed_records":[]}', false],
    [400, '{"error":null}', false],
  ])('%i %s: %s', (status, body, refuses) => {
    expect(refusesCredentials(status, body)).toBe(refuses);
  });
});
