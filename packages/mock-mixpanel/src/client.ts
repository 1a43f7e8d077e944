/**
 * A typed client of mock Mixpanel's control API, for tests and programs in other processes. It loads no part of
 * the simulator.
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
import type { mockMixpanelControlRoutes } from './control-routes.ts';

/** The types of all control routes of mock Mixpanel, by method and path under `/_sim/`. */
export interface MockMixpanelRoutes extends SharedRoutes, DeclarationsOf<typeof mockMixpanelControlRoutes> {}

/** A client of mock Mixpanel's control API. */
export type MockMixpanelClient = ControlClient<MockMixpanelRoutes>;

/**
 * A client of the mock Mixpanel at `url`.
 *
 * @example
 * ```ts
 * import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
 * import { mockMixpanelClient } from '@braze-mixpanel/mock-mixpanel/client';
 *
 * await using server = await startMockMixpanel();
 * const mixpanel = mockMixpanelClient(server.url);
 * const body = { name: 'Buyers', members: ['ada'] };
 * const { count } = await mixpanel.request('PUT cohorts/:id', { params: { id: 12345 }, body });
 * const { unique } = await mixpanel.request('GET events/count');
 * console.log(count, unique); // 1 0
 * ```
 */
export function mockMixpanelClient(url: string, options?: CallOptions): MockMixpanelClient {
  return controlClient<MockMixpanelRoutes>(url, options);
}
