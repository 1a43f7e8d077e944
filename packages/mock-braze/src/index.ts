export type { Connector, Encoded, Verdict } from './currents/connector.ts';
export type { Emission } from './currents/currents.ts';
export { customHttpConnector } from './currents/custom-http.ts';
export { type RetryGeneration, type RetryPolicy, retryPolicies } from './currents/retry-policy.ts';
export { type Attempt, CurrentsSender, type SenderPorts, type SenderSettings } from './currents/sender.ts';
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
