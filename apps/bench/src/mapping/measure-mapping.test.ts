import { expect, it } from 'vitest';
import { mappingReport } from './mapping-report.ts';
import { measureMapping } from './measure-mapping.ts';

it('the mapping benchmark maps every event of both catalogue versions and compares their costs', () => {
  const figures = measureMapping(200, 2);
  expect(figures.subjects.map(({ types }) => types)).toEqual([41, 41, 41, 41, 41, expect.any(Number)]);
  expect(figures.subjects.every(({ jsonMicros, mapMicros }) => jsonMicros > 0 && mapMicros > 0)).toBe(true);
  expect(mappingReport(figures)).toMatch(/2026-07 to 2022-06, same events +[\d.]+x +mark 1\.10x/);
});
