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

/** One member as a page has it. */
export interface EngageResult {
  readonly $distinct_id?: unknown;
  readonly $properties?: Readonly<Record<string, unknown>>;
}

/** One page: the last one is the first that has fewer results than `page_size`. */
export const engagePageSchema = z.looseObject({
  page: z.int().nonnegative(),
  page_size: z.int().positive(),
  session_id: z.string().min(1),
  /** An answer that says anything else (`error`) is no page, whatever else it holds. */
  status: z.literal('ok').optional(),
  error: z.literal('').nullish(),
  total: z.int().nonnegative(),
  /** Checked, not copied: a page holds a thousand. */
  results: z.array(
    z.custom<EngageResult>(isResult, 'must be an object with $properties, if any, as an object'),
  ),
});

export type ListedCohort = z.infer<typeof listedCohortSchema>;
export type EngagePage = z.infer<typeof engagePageSchema>;

function isResult(value: unknown): boolean {
  if (!isObject(value)) return false;
  const properties = '$properties' in value ? value.$properties : undefined;
  return properties === undefined || isObject(properties);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
