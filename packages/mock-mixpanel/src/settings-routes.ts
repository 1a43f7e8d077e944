import { controlRoute, type Route, readControlInput, respond } from '@braze-mixpanel/simulator-kit';
import { type Settings, type SettingsChange, settingsChangeSchema } from './project.ts';

/** `GET|PUT /_sim/settings`: what can be set while the simulator runs. */
export function settingsRoutes(read: () => Settings, change: (change: SettingsChange) => void): Route[] {
  return [
    controlRoute('GET', 'settings', () => respond(200, read())),
    controlRoute('PUT', 'settings', request => {
      change(readControlInput(request, settingsChangeSchema, { pageSize: 100, rateLimits: true }));
      return respond(200, read());
    }),
  ];
}
