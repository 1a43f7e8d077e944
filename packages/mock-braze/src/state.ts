/**
 * The state of a simulated workspace as JSON, for `/_sim/state`, without queued events. It contains the
 * (simulated) secrets, so that a restored state works. Omitted parts get their initial values.
 */
import { listOf } from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';
import { cutLists } from './analytics/lists.ts';
import { occurrencesSchema } from './analytics/occurrences.ts';
import { storedCampaignSchema, storedCanvasSchema } from './analytics/shown-entries.ts';
import { currentStates } from './currents/current-state.ts';
import { currentDefinitionSchema } from './currents/definition.ts';
import { dataImportKeySchema } from './partners/data-import-keys.ts';
import { shownSegmentSchema } from './segments/segments.ts';
import { userSchema } from './users/user-schema.ts';

export const restPermissions = [
  'users.track',
  'users.export.ids',
  'users.identify',
  'users.alias.new',
  'users.delete',
  'campaigns.list',
  'campaigns.details',
  'campaigns.data_series',
  'canvas.list',
  'canvas.details',
  'canvas.data_series',
  'sends.data_series',
  'segments.data_series',
  'events.list',
  'events.data_series',
  'purchases.product_list',
  'purchases.quantity_series',
  'purchases.revenue_series',
] as const;
export type RestPermission = (typeof restPermissions)[number];

export const restKeySchema = z.strictObject({
  key: z.string().min(1),
  permissions: z.array(z.enum(restPermissions)),
});
export type RestKey = z.output<typeof restKeySchema>;

const workspaceSchema = z
  .strictObject({
    users: listOf(userSchema),
    cohorts: z.array(
      z.strictObject({
        cohort_id: z.string().min(1),
        name: z.string().min(1),
        created_at: z.string(),
        /** Braze IDs, since anonymous members have no other. */
        members: listOf(z.string()),
      }),
    ),
    segments: z.array(shownSegmentSchema),
    data_import_keys: z.array(dataImportKeySchema),
    partner_api_key: z.string().min(1),
    rest_keys: z.array(restKeySchema),
    campaigns: listOf(storedCampaignSchema),
    canvases: listOf(storedCanvasSchema),
    /** Lists of which further IDs of events were not kept. */
    cut_lists: z.array(z.enum(cutLists)),
    custom_events: occurrencesSchema,
    purchases: occurrencesSchema,
    currents: z.array(
      z.strictObject({
        id: z.string().min(1),
        state: z.enum(currentStates),
        definition: currentDefinitionSchema,
      }),
    ),
  })
  .partial();

export const stateSchema = workspaceSchema.extend({
  /** The other workspaces, by name. */
  workspaces: z.record(z.string().regex(/^[\w.-]{1,100}$/), workspaceSchema).optional(),
});

export type WorkspaceState = z.output<typeof workspaceSchema>;
/** The schema of `PUT /_sim/state`. Omitted parts get their initial values. */
export type State = z.input<typeof stateSchema>;
export type StoredState = z.output<typeof stateSchema>;
