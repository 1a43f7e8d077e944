import { expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { checkControlInput } from './input.ts';
import { listOf } from './list-of.ts';

const numbers = listOf(z.string().transform(Number));

it('a list accepts valid elements and returns them as their schema transforms them', () => {
  expect(numbers.parse(['1', '2'])).toEqual([1, 2]);
  expect(numbers.parse([])).toEqual([]);
  expect(numbers.safeParse('1').success).toBe(false);
  expectTypeOf<z.input<typeof numbers>>().toEqualTypeOf<string[]>();
  expectTypeOf<z.output<typeof numbers>>().toEqualTypeOf<number[]>();
});

it('a list reports problems with their position, and stops at the tenth of two million', () => {
  const schema = z.object({ users: listOf(z.strictObject({ id: z.string('no text') })) });
  const check = (users: unknown[]) => () =>
    checkControlInput({ users }, schema, 'The body', 'For example: {}');
  expect(check([{ id: 'a' }, { id: 1 }])).toThrow('The body is not valid. users.1.id: no text.');
  expect(check(Array(2_000_000).fill({ id: 1 }))).toThrow(
    /users\.4\.id: no text\. There are 5 more\. For example/,
  );
});
