/**
 * Vitest's `test` with a separate mock Braze for each test that uses one:
 * `test('…', async ({ braze }) => …)`.
 *
 * @module
 */
import { test as base, simulatorFixture } from '@braze-mixpanel/simulator-kit/vitest';
import { startMockBraze } from './mock-braze.ts';

/** A connection to a real vendor fails the test. */
export const test = base.extend({ braze: simulatorFixture(() => startMockBraze()) });
