import { queryLimits } from '../mixpanel/cohort-query.ts';

/**
 * Next run of a periodic job: the first time `anchor + n * interval` after `now`, at most one interval away.
 * A job that missed several runs therefore runs once and continues on schedule. `anchor` may be after `now`,
 * as when the clock was set back.
 *
 * @param anchor a time of the schedule, milliseconds since 1970
 * @param interval milliseconds
 * @param now milliseconds since 1970
 * @example
 * ```ts
 * import { nextDue } from '@braze-mixpanel/core/cohorts';
 *
 * console.log(nextDue(0, 3_600_000, 5_000_000)); // 7200000
 * ```
 */
export function nextDue(anchor: number, interval: number, now: number): number {
  return anchor + (Math.floor((now - anchor) / interval) + 1) * interval;
}

/** A cohort that is read through the query API. */
export interface PolledCohort {
  readonly id: string;
  /** Number of members, as expected. */
  readonly members: number;
  /** Milliseconds between two reads. */
  readonly intervalMs: number;
}

/** Queries that a schedule needs, compared with the budget. */
export interface QueryPlan {
  /** Whether the schedule is within the budget. */
  readonly possible: boolean;
  readonly queriesPerHour: number;
  /** One sentence with the arithmetic, for an operator. */
  readonly sentence: string;
}

const hour = 3_600_000;

/**
 * Number of queries that one read of a cohort needs: the list of cohorts, and pages up to the first that is
 * not full.
 *
 * @param pageSize members per page; Mixpanel's 1,000 by default
 * @see https://docs.mixpanel.com/reference/engage-query
 * @example
 * ```ts
 * import { queriesOfRead } from '@braze-mixpanel/core/cohorts';
 *
 * console.log(queriesOfRead(2_500)); // 4
 * ```
 */
export function queriesOfRead(members: number, pageSize: number = queryLimits.pageSize): number {
  return 1 + Math.floor(members / pageSize) + 1;
}

/**
 * Comparison of what all cohorts need together with the budget of queries.
 *
 * @param budget queries per hour; Mixpanel's 60 by default
 * @param pageSize members per page; Mixpanel's 1,000 by default
 * @see https://docs.mixpanel.com/reference/rate-limits
 * @example
 * ```ts
 * import { planQueries } from '@braze-mixpanel/core/cohorts';
 *
 * const { possible, queriesPerHour } = planQueries([{ id: '1', members: 2_500, intervalMs: 900_000 }]);
 * console.log(possible, queriesPerHour); // true 16
 * ```
 */
export function planQueries(
  cohorts: readonly PolledCohort[],
  budget: number = queryLimits.queriesPerHour,
  pageSize: number = queryLimits.pageSize,
): QueryPlan {
  const needs = cohorts.map(cohort => {
    const queries = queriesOfRead(cohort.members, pageSize);
    return { ...cohort, queries, perHour: (queries * hour) / cohort.intervalMs };
  });
  const total = needs.reduce((sum, { perHour }) => sum + perHour, 0);
  const terms = needs.map(
    ({ id, members, queries, intervalMs }) =>
      `cohort ${id}: ${counted(members, 'member')} = ${counted(queries, 'query', 'queries')} (1 list + ` +
      `${counted(queries - 1, 'page')} of ${pageSize}) every ${duration(intervalMs)}`,
  );
  const possible = total <= budget;
  const sentence =
    `${terms.join('; ')}. Together ${counted(round(total), 'query', 'queries')} an hour, ` +
    `${possible ? 'within' : 'over'} the budget of ${budget}.`;
  return { possible, queriesPerHour: total, sentence };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A duration in the largest unit that needs no fraction. */
function duration(milliseconds: number): string {
  if (milliseconds % hour === 0) return `${milliseconds / hour} h`;
  return milliseconds % 60_000 === 0 ? `${milliseconds / 60_000} min` : `${milliseconds / 1_000} s`;
}
