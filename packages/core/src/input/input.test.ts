import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { checkInput, faultSentences, unionOf } from './index.ts';

const sentences = (schema: z.ZodType, value: unknown) => {
  const checked = checkInput(schema, value);
  return checked.success ? '' : faultSentences(checked.faults, 'The body');
};

describe('a fault is a plain sentence', () => {
  it.each<[string, z.ZodType, unknown, string]>([
    ['a missing field', z.object({ x: z.string() }), {}, 'x is missing; it must be text.'],
    ['another type', z.object({ x: z.int() }), { x: 'a' }, 'x must be a whole number.'],
    [
      'a number that is none, with its bounds',
      z.object({ limit: z.coerce.number().int().min(1).max(1_000) }),
      { limit: 'abc' },
      'limit must be a whole number from 1 to 1000.',
    ],
    ['a number that is too small', z.object({ x: z.int().min(1) }), { x: -1 }, 'x must be at least 1.'],
    ['an excluded bound', z.object({ x: z.number().gt(0) }), { x: 0 }, 'x must be more than 0.'],
    ['an empty text', z.object({ x: z.string().min(1) }), { x: '' }, 'x must not be empty.'],
    ['a long list', z.object({ x: z.array(z.int()).max(1) }), { x: [1, 2] }, 'x must have at most 1 entry.'],
    [
      'an unknown option',
      z.object({ mode: z.enum(['query', 'webhook']) }),
      { mode: 'push' },
      'mode must be one of: query, webhook.',
    ],
    ['a date', z.object({ from: z.iso.date() }), { from: 'x' }, 'from must be a date such as 2026-11-01.'],
    ['an unknown field', z.strictObject({}), { y: 1 }, 'y is unknown.'],
    ['the whole input', z.object({}), [], 'The body must be an object.'],
    ['text of the schema', z.object({ x: z.string('no text') }), { x: 1 }, 'x: no text.'],
  ])('%s', (_, schema, value, expected) => {
    expect(sentences(schema, value)).toBe(expected);
  });
});

describe('of a union, the faults are', () => {
  const plan = z.strictObject({ generate: z.strictObject({ count: z.int().min(1) }) });
  const users = z.strictObject({ users: z.array(z.object({ id: z.string() })) });
  const union = z.union([users, z.array(z.object({ id: z.string() })), plan]);

  it('those of the nearest branch', () => {
    expect(sentences(union, { generate: { count: -1 } })).toBe('generate.count must be at least 1.');
    expect(sentences(union, { users: [{ id: 1 }] })).toBe('users.0.id must be text.');
    expect(sentences(union, [{}])).toBe('0.id is missing; it must be text.');
  });

  it('those of the branch that has the fields of the value, however many faults are in them', () => {
    const user = z.strictObject({ id: z.string().optional(), tags: z.array(z.string()).optional() });
    const either = unionOf([
      z.strictObject({ generate: z.strictObject({ count: z.int() }) }),
      user.transform(one => [one]),
      z.strictObject({ users: z.array(user) }).transform(({ users }) => users),
    ]);
    expect(sentences(either, { users: [{ id: 1 }, { id: 2 }, { ip: 3 }] })).toBe(
      'users.0.id must be text. users.1.id must be text. users.2.ip is unknown.',
    );
    expect(sentences(either, { generate: { count: '1', seed: 2 } })).toBe(
      'generate.count must be a whole number. generate.seed is unknown.',
    );
    expect(sentences(either, { id: 1, tags: 2, ip: 3 })).toBe(
      'id must be text. tags must be a list. ip is unknown.',
    );
    expect(sentences(either, { user: [] })).toBe('user is unknown.');
    expect(either.parse({ users: [{ id: 'a' }] })).toEqual([{ id: 'a' }]);
  });

  it('what each branch requires, for a value of another type', () => {
    const either = z.object({ id: z.union([z.string(), z.number()]) });
    expect(sentences(either, { id: true })).toBe('id must be text or a number.');
    expect(sentences(either, {})).toBe('id is missing; it must be text or a number.');
    expect(sentences(union, 7)).toBe('The body must be an object or a list.');
  });

  it('the kinds, where the kind is unknown', () => {
    const kinds = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('a') }),
      z.object({ kind: z.literal('b') }),
    ]);
    expect(sentences(kinds, { kind: 'c' })).toBe('kind must be one of: a, b.');
    expect(sentences(kinds, {})).toBe('kind is missing; it must be one of: a, b.');
  });
});

it('a message stays short with any number of faults and any length of names', () => {
  const long = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`${n}${'x'.repeat(1_000)}`, 1]));
  expect(sentences(z.strictObject({}), long).length).toBeLessThan(500);
  const list = Array.from({ length: 100_000 }, () => 'x');
  expect(sentences(z.array(z.int()), list)).toMatch(/^0 must be a whole number\..* There are 99995 more\.$/);
});

it('a long path keeps its beginning and its end, where the wrong field is', () => {
  const nested = (levels: number, leaf: z.ZodType): z.ZodType =>
    levels === 0 ? leaf : z.object({ [`l${levels}`]: nested(levels - 1, leaf) });
  const value = (levels: number): unknown => (levels === 0 ? 1 : { [`l${levels}`]: value(levels - 1) });
  expect(sentences(nested(6, z.string()), value(6))).toBe('l6.l5.l4.l3.l2.l1 must be text.');
  expect(sentences(nested(9, z.string()), value(9))).toBe('l9.l8.l7.….l3.l2.l1 must be text.');
});

it('an empty name is quoted, so that its fault is not one of the whole', () => {
  expect(sentences(z.strictObject({}), { '': 1 })).toBe('"" is unknown.');
  expect(sentences(z.object({ a: z.strictObject({}) }), { a: { '': 1 } })).toBe('a."" is unknown.');
});

it('no message has words of zod, for any JSON value', () => {
  const schema = z.union([
    z.strictObject({ a: z.coerce.number().int().min(1).max(9), b: z.enum(['x', 'y']).optional() }),
    z.array(z.union([z.literal(1), z.iso.datetime(), z.record(z.string().min(9), z.url())])).min(2),
    z.tuple([z.string().startsWith('a'), z.null()]),
  ]);
  const key = fc.constantFrom('a', 'b', 'c', '__proto__', '');
  const { tree } = fc.letrec(tie => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>(null, true, 1, 1.5, -1, 'a', 'x', '1', '2026-01-01T00:00:00Z', ''),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(key, tie('tree')),
    ),
  }));
  fc.assert(
    fc.property(tree, value => {
      const text = sentences(schema, value);
      expect(text).not.toMatch(/received|Invalid|NaN|undefined|Too (small|big)|expected/);
      if (!schema.safeParse(value).success) expect(text).toMatch(/\w.*\.$/);
    }),
  );
});
