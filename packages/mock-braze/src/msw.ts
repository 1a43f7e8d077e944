/**
 * mock-braze as request handlers for msw, for tests in the same process.
 *
 * @module
 */
import { type MswOptions, mswHandlers } from '@braze-mixpanel/simulator-kit/msw';
import type { MockBraze } from './mock-braze.ts';

/**
 * Request handlers for msw on the state of a simulator made by `createMockBraze` (or behind a running
 * server): `setupServer(...mockBrazeHandlers(braze, { baseUrls: ['https://rest.iad-01.braze.com'] }))`.
 */
export function mockBrazeHandlers(
  { simulator }: Pick<MockBraze, 'simulator'>,
  options: MswOptions,
): ReturnType<typeof mswHandlers> {
  return mswHandlers(simulator, options);
}
