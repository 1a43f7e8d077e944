import { expect, it } from 'vitest';
import { measureSimulators } from './measure-simulators.ts';
import { simulatorsReport } from './simulators-report.ts';

it('the simulator benchmark measures a short run in which every event and member is stored', async () => {
  const figures = await measureSimulators({ events: 3_000, members: 100, connections: 2, timeoutMs: 30_000 });
  expect(figures).toMatchObject({ events: 4_000, members: 100 });
  expect(figures.rule.members).toBeGreaterThan(0);
  expect(Object.keys(figures.start)).toEqual(['mock-mixpanel', 'mock-braze']);
  expect(simulatorsReport(figures)).toMatch(/import of 4,000 events +[\d,]+\/s +mark 60,000\/s/);
}, 60_000);
