import { mkdirSync, writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/**
 * The record of what the last run of a task skipped: `.turbo/skipped.json` in the folder of its workspace, one of the task's inputs.
 * Since it changes with every run that skips a test, the cached result of such a run is never found again.
 */
export class SkippedRecord implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap(module =>
      [...module.children.allTests('skipped')].map(test => `${module.relativeModuleId}: ${test.fullName}`),
    );
    if (skipped.length > 0) recordSkipped(skipped);
  }
}

/** For runs under turbo alone: only they are cached. The moment makes every record different. */
export function recordSkipped(what: readonly string[]): void {
  if (process.env.TURBO_HASH === undefined) return;
  mkdirSync('.turbo', { recursive: true });
  writeFileSync(
    '.turbo/skipped.json',
    `${JSON.stringify({ at: new Date().toISOString(), what }, null, 2)}\n`,
  );
}
