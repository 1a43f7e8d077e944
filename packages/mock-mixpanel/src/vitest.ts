/**
 * Vitest's `test` with a mock Mixpanel of its own for every test that asks for one: `test('…', async ({ mixpanel }) => …)`.
 *
 * @module
 */
import { test as base, simulatorFixture } from '@braze-mixpanel/simulator-kit/vitest';
import { startMockMixpanel } from './mock-mixpanel.ts';

/** Connections to the real vendors fail the test. */
export const test = base.extend({ mixpanel: simulatorFixture(() => startMockMixpanel()) });
