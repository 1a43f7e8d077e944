import { expect, it } from 'vitest';
import { runSoak } from './run-soak.ts';

it('the service stores events during an outage of Mixpanel, and drains them twice as fast as new ones arrive', async () => {
  const figures = await runSoak({ outageSeconds: 20, rate: 500, drainSeconds: 60 });
  expect(figures.events).toBe(10_000);
  expect(figures.left).toBeLessThan(1_000);
  expect(figures.refused).toBeGreaterThan(0);
}, 120_000);
