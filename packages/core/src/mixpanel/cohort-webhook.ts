import { z } from 'zod';

/**
 * Cohort sync to a custom webhook (Mixpanel → us). Source: Mixpanel docs, "Cohort sync: custom webhook".
 *
 * `members` is the whole cohort and replaces what the receiver has; `add_members` and `remove_members` are differences. Pages
 * count from 1. Tolerant where the vendor is loose: ids may be numbers, unknown fields are ignored. What is stored or shown is
 * bounded: ids of cohorts are digits, as Mixpanel's are.
 */
export const cohortWebhookLimits = {
  membersPerPage: 1_000,
  /** A page with more is not one of Mixpanel's. */
  mostMembersPerPage: 10_000,
  /** A hundred times what Mixpanel's largest cohort, 10 million users, has. */
  mostPages: 1_000_000,
  /** 5XX and 429 are retried this often within `retryWithinMs`, then with the next sync. */
  retries: 5,
  retryWithinMs: 60_000,
  /** These answers pause the sync in Mixpanel. */
  pausingStatuses: [400, 401, 403, 404],
} as const;

export const cohortActionSchema = z.enum(['members', 'add_members', 'remove_members']);

/** Mixpanel's ids of cohorts. */
export const cohortIdPattern = /^\d{1,20}$/;

const cohortId = z
  .union([z.string(), z.number().transform(String)], { error: 'expected a text or a number' })
  .pipe(z.string().regex(cohortIdPattern, { error: 'expected digits, at most 20' }));

/** An id that is only compared and stored: printable, of a length that any storage takes as a key. */
const opaqueId = z
  .union([z.string(), z.number().transform(String)], { error: 'expected a text or a number' })
  .pipe(
    z.string().regex(/^[^\p{Cc}\p{Cs}]{1,255}$/u, {
      error: 'expected a text of 1 to 255 characters, without control characters',
    }),
  );

const pageNumber = z.int().positive().max(cohortWebhookLimits.mostPages);

export const cohortWebhookSchema = z.object({
  action: cohortActionSchema,
  parameters: z.object({
    mixpanel_project_id: opaqueId.optional(),
    mixpanel_cohort_id: cohortId,
    mixpanel_cohort_name: z.string().nullish(),
    mixpanel_session_id: opaqueId,
    page_info: z
      .object({ total_pages: pageNumber, page_count: pageNumber })
      .refine(({ total_pages, page_count }) => page_count <= total_pages, {
        message: 'page_count must not be over total_pages',
      }),
    /** Checked, not copied, and one issue whatever number of them is at fault. */
    members: z.custom<readonly Readonly<Record<string, unknown>>[]>(
      value => Array.isArray(value) && value.every(isObject),
      'expected a list of objects',
    ),
  }),
});

/** What the receiver answers; `action` is the one it was asked for. */
export interface CohortWebhookAnswer {
  action: unknown;
  status: 'success' | 'failure';
  error?: { message: string; code: number };
}

export type CohortWebhookPage = z.infer<typeof cohortWebhookSchema>;
export type WebhookAction = z.infer<typeof cohortActionSchema>;

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
