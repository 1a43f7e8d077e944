/**
 * Vitest fixtures: a simulator per test that asks for one, and no connection to a real vendor.
 *
 * @module
 */
import { test as base } from 'vitest';
import { type BlockedVendors, blockVendors } from './vendors/block.ts';

/**
 * A fixture for `test.extend` that starts a simulator for each test that requests it, and closes it
 * afterwards.
 */
export function simulatorFixture<Running extends AsyncDisposable>(start: () => Promise<Running>) {
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the parameters of a fixture from this pattern
  return async ({}, use: (running: Running) => Promise<void>): Promise<void> => {
    await using running = await start();
    await use(running);
  };
}

/** A `test` that fails when a real vendor is reached, even if the error is caught. */
export const test = base.extend<{ vendors: BlockedVendors }>({
  vendors: [
    // biome-ignore lint/correctness/noEmptyPattern: see above
    async ({}, use) => {
      using vendors = blockVendors();
      await use(vendors);
    },
    { auto: true },
  ],
});
