import { mapEvent } from '@braze-mixpanel/core/mapping';
import { expect, it } from 'vitest';
import { againstReport, mappingReport } from './mapping-report.ts';
import { measureAgainst } from './measure-against.ts';
import { measureMapping } from './measure-mapping.ts';

it('the mapping benchmark maps every event of both catalogue versions and compares their costs', () => {
  const figures = measureMapping(200, 2);
  expect(figures.subjects.map(({ types }) => types)).toEqual([41, 41, 41, 41, 41, expect.any(Number)]);
  expect(figures.subjects.every(({ jsonMicros, mapMicros }) => jsonMicros > 0 && mapMicros > 0)).toBe(true);
  expect(mappingReport(figures)).toMatch(/2026-07 to 2022-06, same events +[\d.]+x +mark 1\.10x/);
});

it('the comparison with another build gives its speed per mix, and counts the texts that differ', () => {
  const other: typeof mapEvent = (event, ...rest) => {
    const result = mapEvent(event, ...rest);
    const isFirst = JSON.stringify(event).includes('"time":1767225600,');
    return result.outcome === 'mapped' && isFirst ? { ...result, json: '{}' } : result;
  };
  const figures = measureAgainst(other, 200, 2);
  expect(figures.subjects.map(({ types }) => types)).toEqual([41, 41, 41, 41, 41, expect.any(Number)]);
  expect(figures.subjects.map(({ different }) => different)).toEqual([1, 1, 1, 1, 1, 1]);
  expect(figures.subjects.every(({ gain }) => gain.lower <= gain.median && gain.median <= gain.upper)).toBe(
    true,
  );
  expect(againstReport('abc1234', figures)).toMatch(
    /2026-07, same events \(41\) +[\d.]+x as fast .* 1 texts differ/,
  );
});
