import { defineConfig } from 'vitest/config';
import { FailedRecord } from '../../vitest.failed.ts';
import { SkippedRecord } from '../../vitest.skipped.ts';

/**
 * Suites on the built images. They are named `*.suite.ts`, so that the repository's own test run, which must
 * pass without a container engine, does not include them.
 */
export default defineConfig({
  root: import.meta.dirname,
  ssr: { resolve: { conditions: ['source', 'node', 'module', 'default'] } },
  test: {
    include: ['src/**/*.suite.ts'],
    globalSetup: ['src/global-setup.ts'],
    setupFiles: ['../../vitest.leaks.ts', '../../vitest.terminal.ts', '../../vitest.waits.ts'],
    reporters: ['default', new FailedRecord(), new SkippedRecord()],
    env: { TESTCONTAINERS_RYUK_DISABLED: 'true' },
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
