import { defineConfig } from 'vitest/config';
import { SkippedRecord } from '../../vitest.skipped.ts';

/**
 * Suites on the built images. They are called `*.suite.ts`, so that the repository's own test run, which must pass where
 * there is no container engine, does not take them up.
 */
export default defineConfig({
  root: import.meta.dirname,
  ssr: { resolve: { conditions: ['source', 'node', 'module', 'default'] } },
  test: {
    include: ['src/**/*.suite.ts'],
    globalSetup: ['src/global-setup.ts'],
    setupFiles: ['../../vitest.leaks.ts'],
    reporters: ['default', new SkippedRecord()],
    env: { TESTCONTAINERS_RYUK_DISABLED: 'true' },
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
