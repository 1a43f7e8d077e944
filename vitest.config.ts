import { defineConfig } from 'vitest/config';

/** Tests run on the sources: the `source` export condition of every package, no build needed. */
export default defineConfig({
  ssr: { resolve: { conditions: ['source', 'node', 'import', 'module', 'default'] } },
  test: {
    include: ['{packages,apps,contracts}/*/src/**/*.test.ts', 'scripts/**/*.test.mjs'],
    restoreMocks: true,
    testTimeout: 20_000,
  },
});
