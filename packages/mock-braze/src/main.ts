#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Before anything is loaded: what was compiled once starts in half the time.
enableCompileCache();
const { runSimulatorCommand } = await import('@braze-mixpanel/simulator-kit');
const { startMockBraze } = await import('./mock-braze.ts');

await runSimulatorCommand({
  name: 'mock-braze',
  description: 'A simulated Braze: Currents, partner cohort import, users, segments.',
  defaultPort: 4010,
  start: startMockBraze,
});
