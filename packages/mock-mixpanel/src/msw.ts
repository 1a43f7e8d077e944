/**
 * mock-mixpanel as request handlers for msw, for tests in the same process.
 *
 * @module
 */
import { mixpanelHosts } from '@braze-mixpanel/core/mixpanel';
import { type MswOptions, mswHandlers } from '@braze-mixpanel/simulator-kit/msw';
import type { MockMixpanel } from './mock-mixpanel.ts';

/**
 * Request handlers for msw on the state of a simulator made by `createMockMixpanel` (or behind a running
 * server). By default they intercept Mixpanel's hosts of all regions:
 * `setupServer(...mockMixpanelHandlers(createMockMixpanel()))`.
 */
export function mockMixpanelHandlers(
  { simulator }: Pick<MockMixpanel, 'simulator'>,
  options: MswOptions = { baseUrls: Object.values(mixpanelHosts).flatMap(hosts => Object.values(hosts)) },
): ReturnType<typeof mswHandlers> {
  return mswHandlers(simulator, options);
}
