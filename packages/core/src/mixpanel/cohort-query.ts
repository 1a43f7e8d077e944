/**
 * Cohorts in the query API: `POST /api/query/cohorts/list` and `POST /api/query/engage` (the same as
 * `/api/2.0/engage`).
 *
 * Sources: https://docs.mixpanel.com/reference/cohorts-list,
 * https://docs.mixpanel.com/reference/engage-query; the client `mixpanel-utils` agrees.
 */
import { z } from 'zod';

/**
 * Limits of the query API, per project.
 *
 * @see https://docs.mixpanel.com/reference/rate-limits
 */
export const queryLimits = {
  /** Queries in a rolling hour. */
  queriesPerHour: 60,
  /** Concurrent queries. */
  queriesAtOnce: 5,
  /** Results per page. Each response names its own `page_size`; a request can't set it. */
  pageSize: 1_000,
} as const;

/**
 * Schema of one cohort in the list of cohorts. `id` becomes a string; `count` is the number of members.
 *
 * @see https://docs.mixpanel.com/reference/cohorts-list
 */
export const listedCohortSchema = z.looseObject({
  id: z.union([z.number(), z.string()]).transform(String),
  name: z.string(),
  count: z.number(),
  description: z.string().nullish(),
  is_visible: z.unknown().optional(),
  created: z.string().optional(),
  project_id: z.unknown().optional(),
});
/**
 * Schema of the response of `POST /api/query/cohorts/list`: all cohorts of the project.
 *
 * @see https://docs.mixpanel.com/reference/cohorts-list
 */
export const cohortListSchema = z.array(listedCohortSchema);

/** One user profile on a page of `engage`: a member of the cohort. */
export interface EngageResult {
  readonly $distinct_id?: unknown;
  readonly $properties?: Readonly<Record<string, unknown>>;
}

/**
 * Schema of one page of `POST /api/query/engage`. The first page with fewer results than `page_size` is the
 * last one.
 *
 * @see https://docs.mixpanel.com/reference/engage-query
 */
export const engagePageSchema = z.looseObject({
  page: z.int().nonnegative(),
  page_size: z.int().positive(),
  session_id: z.string().min(1),
  /** A response with another `status`, or with an `error`, is not a page, whatever its other fields are. */
  status: z.literal('ok').optional(),
  error: z.literal('').nullish(),
  /** Members of the whole cohort. */
  total: z.int().nonnegative(),
  /** Validated without a copy, since a page has 1,000 results. */
  results: z.array(
    z.custom<EngageResult>(isResult, 'must be an object with $properties, if any, as an object'),
  ),
});

/** One cohort of the project, as the list of cohorts has it. */
export type ListedCohort = z.infer<typeof listedCohortSchema>;
/** One page of the members of a cohort. */
export type EngagePage = z.infer<typeof engagePageSchema>;

function isResult(value: unknown): boolean {
  if (!isObject(value)) return false;
  const properties = '$properties' in value ? value.$properties : undefined;
  return properties === undefined || isObject(properties);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
