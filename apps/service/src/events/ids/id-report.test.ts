import { expect, it } from 'vitest';
import { hotIdProblem, idReport, idStatus } from './id-report.ts';
import { IdSummary } from './id-summary.ts';

const day = (heaviest: [string, number][], error = 0, events = 10_000_000) => ({
  ...{ day: '2026-01-31', events, ids: 3, error, sample: [] },
  heaviest: heaviest.map(([id, count]) => ({ id, events: count })),
});

it.each([
  ['one over the limit', day([['ada', 200_001]]), /^On 2026-01-31, one ID has more than 200,000 events/],
  [
    'several over the limit',
    day([
      ['ada', 300_000],
      ['grace', 200_001],
      ['alan', 9],
    ]),
    /2 IDs have more than/,
  ],
  ['a count that may be too low', day([['ada', 199_990]], 11), /an ID may have more than 200,000 events/],
])('%s is a problem, named without the id', (_, of, message) => {
  const problem = hotIdProblem(of);
  expect(problem?.message).toMatch(message);
  expect(JSON.stringify(problem)).not.toMatch(/ada|grace/);
});

it.each([
  ['200,000 events', day([['ada', 200_000]])],
  ['an error that no id can have', day([['ada', 2]], 300_000, 150_000)],
  ['no events', day([], 0, 0)],
])('%s are no problem', (_, of) => {
  expect(hotIdProblem(of)).toBeUndefined();
});

it('an id with more events than Mixpanel takes is found among others', () => {
  const summary = new IdSummary(20_484);
  for (let at = 0; at < 400_002; at++) summary.add(at % 2 === 0 ? 'hot' : `user-${at}`);
  const report = idReport([{ day: '2026-01-31', summary }]);
  expect(report.days[0]!.heaviest[0]).toMatchObject({ id: 'hot' });
  const [status] = idStatus(report);
  expect(status!.problem?.message).toContain('more than 200,000 events');
  expect(status!.mostOfOneId.atLeast).toBeLessThanOrEqual(200_001);
  expect(status!.mostOfOneId.atMost).toBeGreaterThanOrEqual(200_001);
});
