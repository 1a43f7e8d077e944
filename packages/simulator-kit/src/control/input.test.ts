import { expect, it } from 'vitest';
import * as z from 'zod';
import { checkControlInput } from './input.ts';

it('an error lists the first five problems of a value, and the number of others', () => {
  const check = (count: number) => () =>
    checkControlInput(Array(count).fill('x'), z.array(z.number('no number')), 'The list', 'For example: [1]');
  expect(check(1)).toThrow('The list is not valid. 0: no number. For example: [1]');
  expect(check(5)).toThrow(/ 4: no number\. For example/);
  expect(check(1_000)).toThrow(/ 4: no number\. There are 995 more\. For example/);
});
