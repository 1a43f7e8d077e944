#!/usr/bin/env node
export {};

// First, because older versions of Node fail to load the modules and report a SyntaxError.
if (Number.parseInt(process.versions.node, 10) < 22) {
  console.error(`mock-mixpanel requires Node 22 or newer; this is Node ${process.versions.node}.`);
  process.exitCode = 1;
} else {
  const { enableCompileCache } = await import('node:module');
  // Before all other modules, so that the compile cache covers them: a cached start takes half the time.
  enableCompileCache();
  const { runSimulatorCommand } = await import('@braze-mixpanel/simulator-kit');
  const { commandOptions, settingsOf } = await import('./command.ts');
  const { startMockMixpanel } = await import('./mock-mixpanel.ts');

  await runSimulatorCommand({
    name: 'mock-mixpanel',
    description: 'A simulated Mixpanel: accepts events, answers queries, has cohorts and sends cohort syncs.',
    defaultPort: 4020,
    options: commandOptions,
    start: settings => startMockMixpanel({ ...settings, settings: settingsOf(settings.texts) }),
  });
}
