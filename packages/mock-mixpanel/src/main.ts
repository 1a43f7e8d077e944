#!/usr/bin/env node
import { runSimulatorCommand } from '@braze-mixpanel/simulator-kit';
import { startMockMixpanel } from './start.ts';

await runSimulatorCommand({
  name: 'mock-mixpanel',
  description: 'A simulated Mixpanel: takes events, answers queries, has cohorts and sends cohort syncs.',
  defaultPort: 4020,
  start: startMockMixpanel,
});
