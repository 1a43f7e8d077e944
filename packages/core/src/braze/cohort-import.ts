/**
 * Partner cohort import: requests from the service to Braze, and their responses.
 *
 * Source: https://www.braze.com/docs/partners/isv_partners/cohort_import; published connectors agree with it.
 * The request schemas pass unknown keys, since Braze adds fields without a new version.
 */
import { z } from 'zod';

/**
 * Schema of a user alias in a cohort change.
 *
 * @see https://www.braze.com/docs/partners/isv_partners/cohort_import
 */
export const cohortAliasSchema = z.object({ alias_name: z.string(), alias_label: z.string() });

/**
 * Schema of one element of `cohort_changes`: identifiers of users to add, or to remove with `should_remove`
 * (false by default).
 *
 * @see https://www.braze.com/docs/partners/isv_partners/cohort_import
 */
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

/**
 * Schema of the body of `POST {rest}/partners/{partner}/cohorts`, which creates or renames a cohort.
 *
 * @see https://www.braze.com/docs/partners/isv_partners/cohort_import
 */
export const cohortRequestSchema = z.looseObject({
  partner_api_key: z.string(),
  /** Data import key, from the Technology Partners page of the dashboard. */
  client_secret: z.string(),
  cohort_id: z.string().min(1),
  name: z.string().min(1),
  /** ISO-8601. */
  created_at: z.string(),
});

/**
 * Schema of the body of `POST {rest}/partners/{partner}/cohorts/users`, which adds and removes members.
 *
 * @see https://www.braze.com/docs/partners/isv_partners/cohort_import
 */
export const cohortUsersRequestSchema = z.looseObject({
  partner_api_key: z.string(),
  client_secret: z.string(),
  cohort_id: z.string().min(1),
  cohort_changes: z.array(cohortChangeElementSchema),
});

/** User alias in a cohort change. */
export type CohortAlias = z.infer<typeof cohortAliasSchema>;
/** Element of `cohort_changes`: identifiers of users to add or to remove. */
export type CohortChangeElement = z.infer<typeof cohortChangeElementSchema>;
/** Body of a request that creates or renames a cohort. */
export type CohortRequest = z.infer<typeof cohortRequestSchema>;
/** Body of a request that adds and removes members. */
export type CohortUsersRequest = z.infer<typeof cohortUsersRequestSchema>;

/**
 * HTTP status and body of a success. The body is not documented: clients have received
 * `{"message":"success"}` and `{}`.
 *
 * @see https://www.braze.com/docs/partners/isv_partners/cohort_import
 */
export const cohortSuccess = { status: 201, body: { message: 'success' } } as const;

/**
 * HTTP statuses and messages of the documented errors, quoted exactly. The bodies are `{"message": message}`.
 *
 * @see https://www.braze.com/docs/partners/isv_partners/cohort_import
 */
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
  /** Braze appends the client secret to this message: remove it before you store or log the message. */
  partnerNotEnabled: { status: 401, message: 'Partner not enabled for client with client secret: ' },
  unauthorized: { status: 401, message: 'Unauthorized access' },
  locked: { status: 423, message: 'Resource locked' },
} as const;

/**
 * Number of identifiers of all kinds in all elements, which `cohortImportLimits.idsPerRequest` limits.
 *
 * @see https://www.braze.com/docs/partners/isv_partners/cohort_import
 * @example
 * ```ts
 * import { idsInChanges } from '@braze-mixpanel/core/braze';
 *
 * console.log(idsInChanges([{ user_ids: ['ada', 'bob'] }, { device_ids: ['d-1'], should_remove: true }])); // 3
 * ```
 */
export function idsInChanges(elements: readonly CohortChangeElement[]): number {
  let ids = 0;
  for (const { user_ids, device_ids, aliases } of elements)
    ids += (user_ids?.length ?? 0) + (device_ids?.length ?? 0) + (aliases?.length ?? 0);
  return ids;
}
