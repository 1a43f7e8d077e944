import { z } from 'zod';

/**
 * `POST {rest}/users/track`, `Authorization: Bearer <REST API key>`. Source: Braze docs, "POST: Track users".
 *
 * An object with `external_id` and without `_update_existing_only: true` creates the user.
 */
export const trackAliasSchema = z.object({ alias_name: z.string(), alias_label: z.string() });

export const trackAttributesSchema = z.looseObject({
  external_id: z.string().optional(),
  user_alias: trackAliasSchema.optional(),
  braze_id: z.string().optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
  _update_existing_only: z.boolean().optional(),
});

export const trackRequestSchema = z.looseObject({
  attributes: z.array(trackAttributesSchema).optional(),
  events: z.array(z.looseObject({})).optional(),
  purchases: z.array(z.looseObject({})).optional(),
});

export type TrackAttributes = z.infer<typeof trackAttributesSchema>;
export type TrackRequest = z.infer<typeof trackRequestSchema>;

/** Texts that `/users/track` has been seen to answer. */
export const trackErrors = {
  noData: "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields.",
  noIdentifier: "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required",
  externalIdTooLong: "'external_id' must be fewer than 988 bytes",
} as const;

/** `POST {rest}/users/export/ids`: reads users back. */
export const usersExportRequestSchema = z.looseObject({
  external_ids: z.array(z.string()).optional(),
  user_aliases: z.array(trackAliasSchema).optional(),
  device_id: z.string().optional(),
  braze_id: z.string().optional(),
  fields_to_export: z.array(z.string()).optional(),
});

export const usersExportAnswerSchema = z.looseObject({
  message: z.string().optional(),
  users: z.array(z.looseObject({ external_id: z.string().optional(), braze_id: z.string().optional() })),
  invalid_user_ids: z.array(z.string()).optional(),
});
