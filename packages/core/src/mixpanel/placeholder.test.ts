import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeholderIn } from './placeholder.ts';

describe('an ID that looks like a placeholder', () => {
  it.each([
    '{{\u0024{user_id}}}',
    '{% if x %}',
    '\u0024{userId}',
    '#{user.id}',
    '<%= id %>',
    '%%user_id%%',
    '*|USER_ID|*',
    '{user_id}',
    '<user_id>',
    '[user id]',
    '%user_id%',
    '[object Object]',
    '[object Undefined]',
    ' null ',
    '"null"',
    'UNDEFINED\t',
    'NaN',
    '(not set)',
    'Test',
    'external_user_id',
    '000',
    'xxxx',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    '11111111-1111-1111-1111-111111111111',
  ])('is %j', id => {
    expect(placeholderIn(id)).toBe(id);
  });

  it.each([
    '4711',
    '1111',
    'a1b2c3d4-0000-4000-8000-1234567890ab',
    'ada@example.com',
    'nullarbor',
    'test-4711',
    'contest',
    '100%',
    '{"id":"ada@example.com"}',
    'a|b',
    '𝒶',
  ])('is not %j', id => {
    expect(placeholderIn(id)).toBeUndefined();
  });

  it('is reduced to its template, and cut to 60 characters', () => {
    expect(placeholderIn('ada@example.com-{{ id }}')).toBe('{{ id }}');
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, inside) => {
        const shown = placeholderIn(`${before}{{${inside}}}`);
        expect(shown?.length ?? 0).toBeLessThanOrEqual(60);
      }),
    );
  });
});
