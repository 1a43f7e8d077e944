import { isRecord } from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';
import { occurrencesSchema } from './history.ts';

const aliasSchema = z.object({ alias_name: z.string(), alias_label: z.string() }).readonly();

/** An alias of a user. A pair of name and label belongs to one user. */
export type UserAlias = z.output<typeof aliasSchema>;

export function isAlias(value: unknown): value is UserAlias {
  return isRecord(value) && typeof value.alias_name === 'string' && typeof value.alias_label === 'string';
}

export const shownUserSchema = z
  .object({
    braze_id: z.string(),
    external_id: z.string().optional(),
    device_ids: z.array(z.string()).readonly(),
    aliases: z.array(aliasSchema).readonly(),
    attributes: z.record(z.string(), z.unknown()).readonly(),
    timezone: z.string(),
    /** With the next two, only if there are any. */
    custom_events: occurrencesSchema.optional(),
    purchases: occurrencesSchema.optional(),
    total_revenue: z.number().optional(),
  })
  .readonly()
  .meta({ id: 'User' });

/**
 * A user profile, as the control API shows it. Identified users have an `external_id`; others are anonymous.
 */
export type User = z.output<typeof shownUserSchema>;

/** The fields to create or change a user; only given fields change. */
export type UserInput = { readonly [K in keyof User]?: User[K] | undefined };

/** The keys that identify a user in `/users/track` and `/users/export/ids`. */
export type UserReference =
  | { readonly external_id: string }
  | { readonly braze_id: string }
  | { readonly user_alias: UserAlias }
  | { readonly device_id: string }
  | { readonly email: string }
  | { readonly phone: string };
