#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// First, so that the compile cache covers everything loaded after it: a cached start takes half the time.
enableCompileCache();
const { runSimulatorCommand } = await import('@braze-mixpanel/simulator-kit');
const { startMockMixpanel } = await import('./mock-mixpanel.ts');

await runSimulatorCommand({
  name: 'mock-mixpanel',
  description: 'A simulated Mixpanel: accepts events, answers queries, has cohorts and sends cohort syncs.',
  defaultPort: 4020,
  start: startMockMixpanel,
});
