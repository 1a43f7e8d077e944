import { expect, it } from 'vitest';
import { idReport, idStatus } from './id-report.ts';
import { IdSummary } from './id-summary.ts';

it('an id with more events than Mixpanel takes is found among others', () => {
  const summary = new IdSummary(20_484);
  for (let at = 0; at < 400_002; at++) summary.add(at % 2 === 0 ? 'hot' : `user-${at}`);
  const report = idReport([{ day: '2026-01-31', summary }]);
  expect(report.days[0]!.heaviest[0]).toMatchObject({ id: 'hot' });
  const [status] = idStatus(report);
  expect(status!.mostOfOneId.atLeast).toBeLessThanOrEqual(200_001);
  expect(status!.mostOfOneId.atMost).toBeGreaterThanOrEqual(200_001);
});
