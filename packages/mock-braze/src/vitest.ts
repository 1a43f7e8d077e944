/**
 * Vitest's `test` with a mock Braze of its own for every test that asks for one: `test('…', async ({ braze }) => …)`.
 *
 * @module
 */
import { test as base, simulatorFixture } from '@braze-mixpanel/simulator-kit/vitest';
import { startMockBraze } from './mock-braze.ts';

/** Connections to the real vendors fail the test. */
export const test = base.extend({ braze: simulatorFixture(() => startMockBraze()) });
