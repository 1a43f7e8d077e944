export { EventStore } from './events/event-store.ts';
export type { StoredEvent } from './events/stored-event.ts';
export {
  createMockMixpanel,
  type MockMixpanel,
  MockMixpanelModel,
  type MockMixpanelOptions,
} from './mixpanel.ts';
export { defaultProject, type Project, type Settings, type SettingsChange } from './project.ts';
export { type RunningMockMixpanel, type StartOptions, startMockMixpanel } from './start.ts';
