import { z } from 'zod';

/**
 * Cohort sync to a custom webhook (Mixpanel → us). Source: Mixpanel docs, "Cohort sync: custom webhook".
 *
 * `members` is the whole cohort and replaces what the receiver has; `add_members` and `remove_members` are differences. Pages
 * count from 1. Tolerant where the vendor is loose: ids may be numbers, unknown fields pass.
 */
export const cohortWebhookLimits = {
  membersPerPage: 1_000,
  /** 5XX and 429 are retried this often within `retryWithinMs`, then with the next sync. */
  retries: 5,
  retryWithinMs: 60_000,
  /** These answers pause the sync in Mixpanel. */
  pausingStatuses: [400, 401, 403, 404],
} as const;

export const cohortActionSchema = z.enum(['members', 'add_members', 'remove_members']);

const id = z.union([z.string().min(1), z.number().transform(String)]);

export const cohortWebhookSchema = z.looseObject({
  action: cohortActionSchema,
  parameters: z.looseObject({
    mixpanel_project_id: id.optional(),
    mixpanel_cohort_id: id,
    mixpanel_cohort_name: z.string().nullish(),
    mixpanel_cohort_description: z.string().nullish(),
    mixpanel_session_id: id,
    page_info: z
      .looseObject({ total_pages: z.int().positive(), page_count: z.int().positive() })
      .refine(({ total_pages, page_count }) => page_count <= total_pages, {
        message: 'page_count must not be over total_pages',
      }),
    /** Checked, not copied: a page holds a thousand. */
    members: z.array(z.custom<Readonly<Record<string, unknown>>>(isObject, 'must be an object')),
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
