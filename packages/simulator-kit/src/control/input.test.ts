import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import * as z from 'zod';
import type { SimRequest } from '../types.ts';
import { checkControlInput, readControlInput } from './input.ts';

it('an error lists the first five problems of a value, and the number of others', () => {
  const check = (count: number) => () =>
    checkControlInput(Array(count).fill('x'), z.array(z.number('no number')), 'The list', 'For example: [1]');
  expect(check(1)).toThrow('The list is not valid. 0: no number. For example: [1]');
  expect(check(5)).toThrow(/ 4: no number\. For example/);
  expect(check(1_000)).toThrow(/ 4: no number\. There are 995 more\. For example/);
});

function requestOf(body: Uint8Array, headers: SimRequest['headers'] = {}): SimRequest {
  return { method: 'POST', path: '/_sim/users', headers, body } as Partial<SimRequest> as SimRequest;
}

it('a compressed body is refused by its encoding', () => {
  const compressed = requestOf(gzipSync('{}'), { 'content-encoding': 'gzip' });
  expect(() => readControlInput(compressed, z.unknown(), {})).toThrow(
    'The body of POST /_sim/users is not JSON: its content encoding is "gzip". Send it uncompressed. For example: {}',
  );
});

it('a body that nests too deep to be shown again is refused', () => {
  const read = (levels: number) => {
    const body = new TextEncoder().encode(`${'['.repeat(levels)}${']'.repeat(levels)}`);
    return readControlInput(requestOf(body), z.unknown(), {});
  };
  expect(read(200)).toBeDefined();
  for (const levels of [202, 100_000])
    expect(() => read(levels)).toThrow('The body of POST /_sim/users is nested deeper than 200 levels.');
});
