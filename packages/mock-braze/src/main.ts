#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// First, so that the compile cache covers everything loaded after it: a cached start takes half the time.
enableCompileCache();
const { runSimulatorCommand } = await import('@braze-mixpanel/simulator-kit');
const { startMockBraze } = await import('./mock-braze.ts');

await runSimulatorCommand({
  name: 'mock-braze',
  description: 'A simulated Braze: Currents, partner cohort import, users, segments.',
  defaultPort: 4010,
  start: startMockBraze,
});
