#!/usr/bin/env node
import { runSimulatorCommand } from '@braze-mixpanel/simulator-kit';
import { startMockBraze } from './mock-braze.ts';

await runSimulatorCommand({
  name: 'mock-braze',
  description: 'A simulated Braze: Currents, partner cohort import, users, segments.',
  defaultPort: 4010,
  start: startMockBraze,
});
