import type { z } from 'zod';
import { qualified } from './qualified.ts';
import type { ConnectionSettings, Settings } from './shape.ts';

type Setting = keyof ConnectionSettings;

/** The settings with the ID of a lookup table. */
const tables = [
  ...(['LOOKUP_TABLE_CAMPAIGNS', 'LOOKUP_TABLE_CANVASES'] as const),
  ...(['LOOKUP_TABLE_MESSAGE_VARIATIONS', 'LOOKUP_TABLE_CANVAS_STEPS'] as const),
];

/** What a lookup table requires of its connection. */
export function checkLookupTables(
  connection: ConnectionSettings,
  fault: (setting: Setting, message: string, ...because: Setting[]) => void,
): void {
  const table = tables.find(setting => connection[setting] !== undefined);
  if (table === undefined) return;
  const required = {
    MIXPANEL_SERVICE_ACCOUNT: 'a service account with its secret and the project ID',
    BRAZE_REST_URL: 'the REST endpoint of your Braze instance',
    BRAZE_ANALYTICS_KEY: 'a REST key that can read campaigns and Canvases',
  } as const;
  for (const [setting, expected] of Object.entries(required) as [keyof typeof required, string][])
    if (connection[setting] === undefined)
      fault(setting, `is not set, but ${table} is; expected ${expected}.`, table);
}

/** One table for two purposes would be replaced by each in turn. */
export function checkSharedTables(settings: Settings, report: Pick<z.core.$RefinementCtx, 'addIssue'>): void {
  const first = new Map<string, string>();
  for (const [name, connection] of Object.entries(settings.connections ?? {}))
    for (const setting of tables) {
      const id = connection[setting];
      if (typeof id !== 'string') continue;
      const other = first.get(id);
      if (other === undefined) first.set(id, qualified(name, setting));
      else
        report.addIssue({
          code: 'custom',
          path: ['connections', name, setting],
          message: `is the ID of ${other} too, so each would replace the other's rows; expected a table of its own.`,
          params: { because: [other] },
        });
    }
}
