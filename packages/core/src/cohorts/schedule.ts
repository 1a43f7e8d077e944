import { queryLimits } from '../mixpanel/cohort-query.ts';

/** When a repeated job is due, and what a schedule costs. Times are milliseconds since 1970 on the injected clock. */

/**
 * The next due moment on the grid that `anchor` and `interval` make, after `now` and at most one interval away: also where the
 * anchor lies ahead, as it does when it was taken from a clock that was ahead. However many moments passed while nobody
 * was there, the job that is due runs once, and then goes on with the grid: missed runs catch up once.
 */
export function nextDue(anchor: number, interval: number, now: number): number {
  return anchor + (Math.floor((now - anchor) / interval) + 1) * interval;
}

/** One cohort that is read through the query API. */
export interface PolledCohort {
  readonly id: string;
  readonly members: number;
  readonly intervalMs: number;
}

export interface QueryPlan {
  readonly possible: boolean;
  readonly queriesPerHour: number;
  /** One sentence with the arithmetic. */
  readonly sentence: string;
}

const hour = 3_600_000;

/** Queries of one read: the list of cohorts, and pages up to and including the first that is not full. */
export function queriesOfRead(members: number, pageSize: number = queryLimits.pageSize): number {
  return 1 + Math.floor(members / pageSize) + 1;
}

/** Holds the cohorts against the budget: what they need an hour, all together. */
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

/** In the largest unit that needs no fraction. */
function duration(milliseconds: number): string {
  if (milliseconds % hour === 0) return `${milliseconds / hour} h`;
  return milliseconds % 60_000 === 0 ? `${milliseconds / 60_000} min` : `${milliseconds / 1_000} s`;
}
