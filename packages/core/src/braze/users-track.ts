import { z } from 'zod';

/**
 * Schema of a user alias in `/users/track` and `/users/export/ids`.
 *
 * @see https://www.braze.com/docs/api/endpoints/user_data/post_user_track/
 */
export const trackAliasSchema = z.object({ alias_name: z.string(), alias_label: z.string() });

/**
 * Schema of one attributes object of `/users/track`. Attributes are additional keys. An object with
 * `external_id` and without `_update_existing_only: true` creates the user.
 *
 * @see https://www.braze.com/docs/api/endpoints/user_data/post_user_track/
 */
export const trackAttributesSchema = z.looseObject({
  external_id: z.string().optional(),
  user_alias: trackAliasSchema.optional(),
  braze_id: z.string().optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
  _update_existing_only: z.boolean().optional(),
});

/**
 * Schema of the body of `POST {rest}/users/track`, with `Authorization: Bearer <REST API key>`.
 *
 * @see https://www.braze.com/docs/api/endpoints/user_data/post_user_track/
 */
export const trackRequestSchema = z.looseObject({
  attributes: z.array(trackAttributesSchema).optional(),
  events: z.array(z.looseObject({})).optional(),
  purchases: z.array(z.looseObject({})).optional(),
});

/** Attributes of one user in `/users/track`. */
export type TrackAttributes = z.infer<typeof trackAttributesSchema>;
/** Body of a request to `/users/track`. */
export type TrackRequest = z.infer<typeof trackRequestSchema>;

/**
 * Error messages that `/users/track` has been observed to return.
 *
 * @see https://www.braze.com/docs/api/endpoints/user_data/post_user_track/
 */
export const trackErrors = {
  noData: "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields.",
  noIdentifier: "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required",
  externalIdTooLong: "'external_id' must be fewer than 988 bytes",
} as const;

/**
 * Schema of the body of `POST {rest}/users/export/ids`, which exports users.
 *
 * @see https://www.braze.com/docs/api/endpoints/export/user_data/post_users_identifier/
 */
export const usersExportRequestSchema = z.looseObject({
  external_ids: z.array(z.string()).optional(),
  user_aliases: z.array(trackAliasSchema).optional(),
  device_id: z.string().optional(),
  braze_id: z.string().optional(),
  fields_to_export: z.array(z.string()).optional(),
});

/**
 * Schema of the response of `/users/export/ids`. `invalid_user_ids` are the requested IDs without a user.
 *
 * @see https://www.braze.com/docs/api/endpoints/export/user_data/post_users_identifier/
 */
export const usersExportAnswerSchema = z.looseObject({
  message: z.string().optional(),
  users: z.array(z.looseObject({ external_id: z.string().optional(), braze_id: z.string().optional() })),
  invalid_user_ids: z.array(z.string()).optional(),
});
