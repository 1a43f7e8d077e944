/**
 * Cohort sync to a custom webhook: requests from Mixpanel to the service.
 *
 * `members` is the whole cohort and replaces the receiver's copy; `add_members` and `remove_members` are
 * differences. Pages count from 1. The schemas are tolerant where the meaning is certain, since a 400 pauses
 * the customer's sync: IDs may be numbers, numbers may be texts of digits, the project ID may be null or
 * absent, unknown fields are ignored. Values that are stored or shown have bounds: a cohort ID consists of digits, as
 * Mixpanel's do.
 *
 * Source: https://docs.mixpanel.com/docs/cohort-sync/webhooks
 */
import { z } from 'zod';

/**
 * Limits of the cohort webhook: Mixpanel's (`membersPerPage`, `retries`, `retryWithinMs`, `pausingStatuses`)
 * and the receiver's own (`mostMembersPerPage`, `mostPages`).
 *
 * @see https://docs.mixpanel.com/docs/cohort-sync/webhooks
 */
export const cohortWebhookLimits = {
  /** Members per page, as Mixpanel sends them. */
  membersPerPage: 1_000,
  /** Members per page that the receiver accepts. */
  mostMembersPerPage: 10_000,
  /**
   * Pages that the receiver accepts: a hundred times those of Mixpanel's largest cohort, 10 million users.
   */
  mostPages: 1_000_000,
  /**
   * Retries of a page after a 5XX or 429, within `retryWithinMs`. After them, Mixpanel tries again with the
   * next sync.
   */
  retries: 5,
  /** Milliseconds. */
  retryWithinMs: 60_000,
  /** HTTP statuses that pause the sync in Mixpanel. */
  pausingStatuses: [400, 401, 403, 404],
} as const;

/**
 * Schema of the `action` of a webhook request.
 *
 * @see https://docs.mixpanel.com/docs/cohort-sync/webhooks
 */
export const cohortActionSchema = z.enum(['members', 'add_members', 'remove_members']);

/** Pattern of a Mixpanel cohort ID: 1 to 20 digits. */
export const cohortIdPattern = /^\d{1,20}$/;

const cohortId = z
  .union([z.string(), z.number().transform(String)], { error: 'expected a text or a number' })
  .pipe(z.string().regex(cohortIdPattern, { error: 'expected digits, at most 20' }));

/** An ID that is only compared and stored: printable, and short enough for a key of any database. */
const opaqueId = z
  .union([z.string(), z.number().transform(String)], { error: 'expected a text or a number' })
  .pipe(
    z.string().regex(/^[^\p{Cc}\p{Cs}]{1,255}$/u, {
      error: 'expected a text of 1 to 255 characters, without control characters',
    }),
  );

/** Digits as a text are the number that they write. */
const pageNumber = z
  .union(
    [
      z.number(),
      z
        .string()
        .regex(/^\d{1,15}$/)
        .transform(Number),
    ],
    { error: 'must be a whole number' },
  )
  .pipe(z.int().positive().max(cohortWebhookLimits.mostPages));

/**
 * Schema of one webhook request: one page of one action. Accepts numbers as IDs, digits as numbers, and drops
 * unknown fields.
 *
 * @see https://docs.mixpanel.com/docs/cohort-sync/webhooks
 */
export const cohortWebhookSchema = z.object({
  action: cohortActionSchema,
  parameters: z.object({
    mixpanel_project_id: opaqueId.nullish(),
    mixpanel_cohort_id: cohortId,
    mixpanel_cohort_name: z.string().nullish(),
    mixpanel_session_id: opaqueId,
    page_info: z
      .object({ total_pages: pageNumber, page_count: pageNumber })
      .refine(({ total_pages, page_count }) => page_count <= total_pages, {
        message: 'page_count must not be over total_pages',
      }),
    /** Validated without a copy, and with one issue however many members are invalid. */
    members: z.custom<readonly Readonly<Record<string, unknown>>[]>(
      value => Array.isArray(value) && value.every(isObject),
      'expected a list of objects',
    ),
  }),
});

/**
 * Body of the receiver's response.
 *
 * @see https://docs.mixpanel.com/docs/cohort-sync/webhooks
 */
export interface CohortWebhookAnswer {
  /** `action` of the request, even if it is invalid. */
  action: unknown;
  status: 'success' | 'failure';
  /** With `failure`; `code` is the HTTP status. */
  error?: { message: string; code: number };
}

/** Parsed webhook request: one page of one action. */
export type CohortWebhookPage = z.infer<typeof cohortWebhookSchema>;
/** Action of a webhook request. */
export type WebhookAction = z.infer<typeof cohortActionSchema>;

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
