import { defineConfig } from 'vitest/config';
import { FailedRecord } from './vitest.failed.ts';
import { LongestFirst } from './vitest.order.ts';
import { SkippedRecord } from './vitest.skipped.ts';

/**
 * Tests run on the sources: the `source` export condition of every package, no build needed.
 * `import` must not stand among the conditions: it would reach `require` as well, and Express could not load its own parts.
 */
export default defineConfig({
  ssr: { resolve: { conditions: ['source', 'node', 'default'] } },
  test: {
    // `src` holds what answers in seconds; `tests` of the service and of storage hold what starts a whole one.
    include: ['{packages,apps,contracts}/*/{src,tests}/**/*.test.ts', 'scripts/**/*.test.mjs'],
    setupFiles: ['./vitest.leaks.ts', './vitest.pages.ts', './vitest.terminal.ts', './vitest.waits.ts'],
    reporters: ['default', new FailedRecord(), new SkippedRecord()],
    // V8 may lose count of its code pages where many threads come and go on a processor with memory protection keys, and ends the process
    // ("Check failed: jit_page.has_value()"). Tests that kill the storage thread again and again meet it, a service does not.
    execArgv: ['--no-memory-protection-keys'],
    sequence: { sequencer: LongestFirst },
    restoreMocks: true,
    // As long as `vi.waitFor` in vitest.waits.ts.
    expect: { poll: { timeout: 15_000 } },
    // A process per core instead of one per file: no test leaves anything behind that another could meet.
    isolate: false,
    // One less than there are cores would be one of two: many tests wait for processes of their own.
    maxWorkers: '100%',
    // For what hangs: on busy cores a command of the service needs some seconds, and several replicas ten and more.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
