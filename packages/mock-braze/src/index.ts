/**
 * A stateful simulator of Braze: Currents, users, partner cohort import, segments, keys, several workspaces.
 *
 * @example
 * ```ts
 * import { startMockBraze } from '@braze-mixpanel/mock-braze';
 *
 * await using braze = await startMockBraze();
 * const authorization = 'Bearer braze-rest-key';
 * const body = JSON.stringify({ attributes: [{ external_id: 'ada', plan: 'pro' }] });
 * await fetch(`${braze.url}/users/track`, { method: 'POST', headers: { authorization }, body });
 * console.log(braze.model.users.size); // 1
 * ```
 *
 * @module
 */

export type { Emission } from './currents/answers.ts';
export type { Attempt } from './currents/attempt.ts';
export type {
  Connector,
  Delivery,
  Encoded,
  Exchange,
  Outcome,
  OutgoingBatch,
  Verdict,
} from './currents/connector.ts';
export { customHttpConnector } from './currents/custom-http.ts';
export { type RetryGeneration, type RetryPolicy, retryPolicies } from './currents/retry-policy.ts';
export { CurrentsSender } from './currents/sender.ts';
export type { SenderPorts, SenderSettings } from './currents/sender-ports.ts';
export type { StorageBucket } from './currents/storage/bucket-store.ts';
export {
  createMockBraze,
  type MockBraze,
  type MockBrazeOptions,
  type RunningMockBraze,
  type StartOptions,
  startMockBraze,
} from './mock-braze.ts';
export { defaultPartnerKey, defaultRestKey, MockBrazeModel } from './model.ts';
export { defaultDataImportKey } from './partners/data-import-keys.ts';
export { defaultSettings, type Settings } from './settings.ts';
export type { State } from './state.ts';
export type { User, UserAlias, UserInput } from './users/user.ts';
