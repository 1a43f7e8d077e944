import type { LookupTablesConfig } from '../config/config.ts';

/** The lookup tables, with the property of events by which each is joined. */
export const tables = {
  campaigns: { setting: 'LOOKUP_TABLE_CAMPAIGNS', key: 'campaign_id' },
  canvases: { setting: 'LOOKUP_TABLE_CANVASES', key: 'canvas_id' },
  messageVariations: { setting: 'LOOKUP_TABLE_MESSAGE_VARIATIONS', key: 'message_variation_id' },
  canvasSteps: { setting: 'LOOKUP_TABLE_CANVAS_STEPS', key: 'canvas_step_id' },
} as const;
export type TableName = keyof typeof tables;
export const tableNames = Object.keys(tables) as TableName[];

/** IDs of the configured tables; none where lookup tables are off. */
export const tableIds = (config: LookupTablesConfig): ReadonlyMap<TableName, string> =>
  new Map(
    tableNames.flatMap(name => {
      const id = config[name];
      return id === undefined ? [] : [[name, id] as const];
    }),
  );
