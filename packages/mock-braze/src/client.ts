/**
 * A typed client of mock Braze's control API, for tests and programs in other processes. It loads no part of the
 * simulator.
 *
 * @module
 */
import {
  type CallOptions,
  type ControlClient,
  controlClient,
  type DeclarationsOf,
  type SharedRoutes,
} from '@braze-mixpanel/simulator-kit/client';
import type { mockBrazeControlRoutes } from './control-routes.ts';

/** The types of all control routes of mock Braze, by method and path under `/_sim/`. */
export interface MockBrazeRoutes extends SharedRoutes, DeclarationsOf<typeof mockBrazeControlRoutes> {}

/** A client of mock Braze's control API. */
export type MockBrazeClient = ControlClient<MockBrazeRoutes>;

/**
 * A client of the mock Braze at `url`. For another workspace than `main`, pass its name as the header
 * `X-Workspace`.
 *
 * @example
 * ```ts
 * import { startMockBraze } from '@braze-mixpanel/mock-braze';
 * import { mockBrazeClient } from '@braze-mixpanel/mock-braze/client';
 *
 * await using server = await startMockBraze();
 * const braze = mockBrazeClient(server.url);
 * await braze.request('POST users', { body: { external_id: 'ada' } });
 * const { emitted } = await braze.request('POST emit', { body: { generate: { count: 3 } } });
 * console.log(emitted); // 3
 * ```
 */
export function mockBrazeClient(url: string, options?: CallOptions): MockBrazeClient {
  return controlClient<MockBrazeRoutes>(url, options);
}
