import { expect, it } from 'vitest';
import { z } from 'zod';
import { moment, whole, wrong } from './query.ts';

const schema = z.strictObject({ since: moment.optional(), limit: whole.pipe(z.int().min(1).max(9)) });
const messageOf = (query: unknown) => {
  const { error } = schema.safeParse(query);
  return error && wrong(error, 'Expected since and limit.');
};

it('a refusal names each wrong parameter and what was expected of it', () => {
  const moments = 'expected a day or a time, such as 2026-01-31 or 2026-01-31T12:00:00Z';
  expect(messageOf({ since: 'yesterday', limit: '3' })).toBe(`since: ${moments}. Expected since and limit.`);
  expect(messageOf({ since: '2026-99-99', limit: '3' })).toContain(`since: ${moments}.`);
  expect(messageOf({ limit: 'abc' })).toContain('limit: expected a whole number.');
  expect(messageOf({ limit: '10' })).toMatch(/^limit: .*<=9\./);
  expect(messageOf({ limit: ['1', '2'] })).toMatch(/^limit: expected string, received array\./);
  expect(messageOf({ limit: '1', sinec: 'x' })).toMatch(/^sinec: unknown parameter\./);
});

it('a refusal stays short, with any number of wrong parameters and any length of their names', () => {
  const query = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, n) => [`${n}${'x'.repeat(1_000)}`, '1']),
  );
  expect(messageOf({ ...query, limit: '1' })!.length).toBeLessThan(500);
  const list = z.array(z.int()).safeParse(Array.from({ length: 100_000 }, () => 'x'));
  expect(wrong(list.error!, 'Expected numbers.').length).toBeLessThan(500);
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
  for (const text of ['2026-02-30', '2026-01-31 12:00 PST', '2026-01-31x', '1'])
    expect(moment.safeParse(text).success).toBe(false);
});
