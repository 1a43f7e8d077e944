import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { simulatorOf } from '../testing/simulator-of.ts';
import { faultSchema } from './fault.ts';
import { faultKinds } from './kinds.ts';
import { faultTable } from './table.ts';

const kinds = faultKinds.map(({ kind }) => kind);

it('the schema, the coverage and the README list every kind of fault', async () => {
  expect(faultSchema.options.map(({ shape }) => shape.kind.value)).toEqual(kinds);
  expect(
    simulatorOf()
      .coverage()
      .faults.map(({ kind }) => kind),
  ).toEqual(kinds);
  expect(await readFile(new URL('../../README.md', import.meta.url), 'utf8')).toContain(faultTable());
});

it('every kind of fault has an effect at one of the stages', () => {
  for (const kind of faultKinds)
    expect(Object.keys(kind), kind.kind).toContainEqual(
      expect.stringMatching(/^(beforeBody|beforeHandling|refuse|afterHandling)$/),
    );
});

it.each([
  [20, 20],
  ['250 ms', 250],
  ['1 h', 3_600_000],
  ['0 s', 0],
])('a delay can be %s', (milliseconds, expected) => {
  expect(faultSchema.parse({ route: '*', kind: 'latency', milliseconds })).toMatchObject({
    milliseconds: expected,
  });
});

it.each([
  ['soon', 'must be a duration: milliseconds, or text such as "5m" or "250 ms"'],
  ['2 h', expect.stringContaining('3600000')],
  ['-1 s', expect.stringContaining('0')],
])('a delay cannot be %s', (milliseconds, message) => {
  const { error } = faultSchema.safeParse({ route: '*', kind: 'latency', milliseconds });
  expect(error?.issues).toMatchObject([{ message }]);
});
