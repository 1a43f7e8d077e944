import { expect, it } from 'vitest';
import { atLeast, atMost, type Measured, resultOf, resultSchema } from './result.ts';

const measured: Measured = {
  bench: 'ingest',
  options: { events: 100, rate: undefined },
  figures: { importSeconds: 1.5, service: undefined, subjects: [{ name: 'one' }] },
  marks: [atMost('CPU', 2, 1.8), atLeast('rate', 2, 1.8)],
  text: 'not part of the result',
};

it('a result leaves out what was not measured, and follows the documented schema', () => {
  const result = resultSchema.parse(resultOf(measured));
  expect(result).toMatchObject({
    bench: 'ingest',
    options: { events: 100 },
    figures: { importSeconds: 1.5, subjects: [{ name: 'one' }] },
    marks: [
      { name: 'CPU', bound: 'most', value: 2, mark: 1.8, met: false },
      { name: 'rate', bound: 'least', value: 2, mark: 1.8, met: true },
    ],
  });
  expect(Object.keys(result.figures)).not.toContain('service');
});

it('a value that equals its mark meets it', () => {
  expect([atMost('CPU', 1.8, 1.8).met, atLeast('rate', 1.8, 1.8).met]).toEqual([true, true]);
});
