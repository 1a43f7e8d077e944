import { z } from 'zod';

/**
 * Requests and answers of the partner cohort import (us → Braze).
 * Source: Braze docs, "Partner cohort import"; published connectors agree with it.
 *
 * Schemas are tolerant: unknown keys pass, since a vendor adds fields without a version change.
 */
export const cohortAliasSchema = z.object({ alias_name: z.string(), alias_label: z.string() });

/** One element of `cohort_changes`. `should_remove` is false where it is absent. */
export const cohortChangeElementSchema = z
  .object({
    user_ids: z.array(z.string()).optional(),
    device_ids: z.array(z.string()).optional(),
    aliases: z.array(cohortAliasSchema).optional(),
    should_remove: z.boolean().optional(),
  })
  .refine(element => element.user_ids ?? element.device_ids ?? element.aliases, {
    message: 'an element names user_ids, device_ids or aliases',
  });

/** `POST {rest}/partners/{partner}/cohorts`: creates a cohort, or renames it. */
export const cohortRequestSchema = z.looseObject({
  partner_api_key: z.string(),
  /** The data import key of the dashboard's Technology Partners page. */
  client_secret: z.string(),
  cohort_id: z.string().min(1),
  name: z.string().min(1),
  /** ISO-8601. */
  created_at: z.string(),
});

/** `POST {rest}/partners/{partner}/cohorts/users`: adds and removes members. */
export const cohortUsersRequestSchema = z.looseObject({
  partner_api_key: z.string(),
  client_secret: z.string(),
  cohort_id: z.string().min(1),
  cohort_changes: z.array(cohortChangeElementSchema),
});

export type CohortAlias = z.infer<typeof cohortAliasSchema>;
export type CohortChangeElement = z.infer<typeof cohortChangeElementSchema>;
export type CohortRequest = z.infer<typeof cohortRequestSchema>;
export type CohortUsersRequest = z.infer<typeof cohortUsersRequestSchema>;

/** The body of a success is undocumented: clients have seen `{"message":"success"}` and `{}`. */
export const cohortSuccess = { status: 201, body: { message: 'success' } } as const;

/** The documented refusals, status and text to the letter; bodies are `{"message": text}`. */
export const cohortImportErrors = {
  invalidCohortId: { status: 400, message: '`cohort_id` must be a valid string' },
  invalidChanges: {
    status: 400,
    message:
      '`cohort_changes` must be an array of objects each with key `user_ids` and/or `device_ids` mapping to an array of strings, or an `aliases` object',
  },
  tooManyIds: {
    status: 400,
    message: 'Only 1,000 `user_ids`, `device_ids`, and `aliases` are allowed per request',
  },
  invalidName: { status: 400, message: '`name` must be a non-empty string' },
  invalidCreatedAt: { status: 400, message: '`created_at` must be a valid time as an ISO-8601 string' },
  invalidPartnerKey: { status: 401, message: 'Invalid Partner API key' },
  invalidClientSecret: { status: 401, message: 'Invalid client secret' },
  /** The vendor appends the client secret to this text: cut it before it is kept. */
  partnerNotEnabled: { status: 401, message: 'Partner not enabled for client with client secret: ' },
  unauthorized: { status: 401, message: 'Unauthorized access' },
  locked: { status: 423, message: 'Resource locked' },
} as const;

/** Ids of all kinds in all elements: what the limit of 1,000 counts. */
export function idsInChanges(elements: readonly CohortChangeElement[]): number {
  let ids = 0;
  for (const { user_ids, device_ids, aliases } of elements)
    ids += (user_ids?.length ?? 0) + (device_ids?.length ?? 0) + (aliases?.length ?? 0);
  return ids;
}
