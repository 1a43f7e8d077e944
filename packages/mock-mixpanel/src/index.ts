/**
 * A stateful simulator of Mixpanel: events, profiles, identity, raw export, cohorts by list and by rule,
 * cohort syncs.
 *
 * @example
 * ```ts
 * import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
 *
 * await using mixpanel = await startMockMixpanel();
 * const time = Math.floor(mixpanel.clock.now() / 1000);
 * const event = { event: 'Email Send', properties: { time, distinct_id: 'ada', $insert_id: 'e-1' } };
 * const authorization = `Basic ${Buffer.from('mixpanel-token:').toString('base64')}`;
 * const headers = { authorization, 'content-type': 'application/json' };
 * const body = JSON.stringify([event, event]);
 * await fetch(`${mixpanel.url}/import?strict=1`, { method: 'POST', headers, body });
 * console.log(mixpanel.model.events.raw, mixpanel.model.events.unique); // 2 1
 * ```
 *
 * @module
 */
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
