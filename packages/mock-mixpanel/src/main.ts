#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Before anything is loaded: what was compiled once starts in half the time.
enableCompileCache();
const { runSimulatorCommand } = await import('@braze-mixpanel/simulator-kit');
const { startMockMixpanel } = await import('./mock-mixpanel.ts');

await runSimulatorCommand({
  name: 'mock-mixpanel',
  description: 'A simulated Mixpanel: accepts events, answers queries, has cohorts and sends cohort syncs.',
  defaultPort: 4020,
  start: startMockMixpanel,
});
