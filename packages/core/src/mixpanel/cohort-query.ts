import { z } from 'zod';

/**
 * Cohorts through the query API: `POST /api/query/cohorts/list` and `POST /api/query/engage` (the same as `/api/2.0/engage`).
 * Source: Mixpanel developer documentation, "Query API: Cohorts, Engage"; `mixpanel-utils` agrees.
 */
export const queryLimits = {
  queriesPerHour: 60,
  queriesAtOnce: 5,
  /** Results of a page; each answer names its own `page_size`, and no request can set it. */
  pageSize: 1_000,
} as const;

export const listedCohortSchema = z.looseObject({
  id: z.union([z.number(), z.string()]).transform(String),
  name: z.string(),
  count: z.number(),
  description: z.string().nullish(),
  is_visible: z.unknown().optional(),
  created: z.string().optional(),
  project_id: z.unknown().optional(),
});
export const cohortListSchema = z.array(listedCohortSchema);

/** One page: the last one is the first that has fewer results than `page_size`. */
export const engagePageSchema = z.looseObject({
  page: z.int().nonnegative(),
  page_size: z.int().positive(),
  session_id: z.string().min(1),
  status: z.string().optional(),
  total: z.int().nonnegative(),
  results: z.array(
    z.looseObject({
      $distinct_id: z.unknown(),
      $properties: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});

export type ListedCohort = z.infer<typeof listedCohortSchema>;
export type EngagePage = z.infer<typeof engagePageSchema>;
