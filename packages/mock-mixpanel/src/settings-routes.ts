import { type Route, readControlInput, respond } from '@braze-mixpanel/simulator-kit';
import { type Settings, type SettingsChange, settingsChangeSchema } from './project.ts';

/** `GET|PUT /_sim/settings`: what can be set while the simulator runs. */
export function settingsRoutes(read: () => Settings, change: (change: SettingsChange) => void): Route[] {
  return [
    {
      id: 'sim.settings',
      method: 'GET',
      path: '/_sim/settings',
      rules: [],
      handle: () => respond(200, read()),
    },
    {
      id: 'sim.settings.change',
      method: 'PUT',
      path: '/_sim/settings',
      rules: [],
      handle: request => {
        change(readControlInput(request, settingsChangeSchema, { pageSize: 100, rateLimits: true }));
        return respond(200, read());
      },
    },
  ];
}
