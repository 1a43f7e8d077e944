import { faultSentences } from '@braze-mixpanel/core/input';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { whole } from '../paging.ts';
import { checkQuery, endMoment, moment } from './query.ts';

const schema = z.strictObject({ since: moment.optional(), limit: whole.pipe(z.int().min(1).max(9)) });
const messageOf = (query: Record<string, unknown>) => {
  const checked = checkQuery(schema, query);
  return checked.success ? '' : faultSentences(checked.faults, 'The query');
};

it('a refusal names each wrong parameter and what it must be', () => {
  const moments = 'since must be a day or a time, such as 2026-01-31 or 2026-01-31T12:00:00Z.';
  expect(messageOf({ since: 'yesterday', limit: '3' })).toBe(moments);
  expect(messageOf({ since: '2026-99-99', limit: '3' })).toBe(moments);
  expect(messageOf({ since: '2026-02-01', limit: 'abc' })).toBe('limit must be a whole number.');
  expect(messageOf({ limit: '10' })).toBe('limit must be at most 9.');
  expect(messageOf({ limit: ['1', '2'] })).toBe('limit is given twice.');
  expect(messageOf({ limit: '3', since: ['', ''] })).toBe('since is given twice.');
  expect(messageOf({ limit: '1', sinec: 'x' })).toBe('sinec is unknown.');
});

it('a moment without a zone is UTC in any zone of the machine, and must be ISO 8601', () => {
  const before = process.env.TZ;
  process.env.TZ = 'Pacific/Chatham';
  try {
    const iso = (text: string) => new Date(moment.parse(text)).toISOString();
    expect(iso('2026-01-31T12:00:00')).toBe('2026-01-31T12:00:00.000Z');
    expect(iso('2026-01-31')).toBe('2026-01-31T00:00:00.000Z');
    expect(iso('2026-01-31T12:00:00Z')).toBe('2026-01-31T12:00:00.000Z');
    expect(iso('2026-01-31T12:00:00-05:00')).toBe('2026-01-31T17:00:00.000Z');
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
  for (const text of ['9999-12-31T23:59:59-01:00', '2026-02-30', '2026-01-31 12:00 PST', '2026-01-31x', '1'])
    expect(moment.safeParse(text).success).toBe(false);
});

it('a day as the end of a span is included, and the last one keeps a year of four digits', () => {
  const iso = (text: string) => new Date(endMoment.parse(text)).toISOString();
  expect(iso('2026-01-31')).toBe('2026-02-01T00:00:00.000Z');
  expect(iso('2026-01-31T12:00:00Z')).toBe('2026-01-31T12:00:00.000Z');
  expect(iso('9999-12-31')).toBe('9999-12-31T23:59:59.999Z');
});
