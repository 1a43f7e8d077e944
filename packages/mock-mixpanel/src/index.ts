export { EventStore } from './events/event-store.ts';
export type { StoredEvent } from './events/stored-event.ts';
export {
  createMockMixpanel,
  type MockMixpanel,
  type RunningMockMixpanel,
  type StartOptions,
  startMockMixpanel,
} from './mock-mixpanel.ts';
export { MockMixpanelModel, type MockMixpanelOptions } from './model.ts';
export { defaultProject, type Project } from './project.ts';
export type { Settings, SettingsChange } from './settings.ts';
