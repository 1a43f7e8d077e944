/**
 * Vitest's `test` with a separate mock Mixpanel for each test that uses one:
 * `test('…', async ({ mixpanel }) => …)`.
 *
 * @module
 */
import { test as base, simulatorFixture } from '@braze-mixpanel/simulator-kit/vitest';
import { startMockMixpanel } from './mock-mixpanel.ts';

/** A connection to a real vendor fails the test. */
export const test = base.extend({ mixpanel: simulatorFixture(() => startMockMixpanel()) });
