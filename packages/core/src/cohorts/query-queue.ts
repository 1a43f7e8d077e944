/**
 * Rate limiter of the query API: a sliding-window budget, and a fair queue of the syncs that wait for a
 * query. The caller stores every new state before it sends the query. Times are milliseconds since 1970.
 *
 * - A query is granted only if it leaves as many as the syncs ahead in the queue need: no sync overtakes
 *   another.
 * - A sync leaves the queue with its grant and joins the end for its next query. All waiting syncs therefore
 *   progress.
 * - A sync that `keeps` its place stays there until it was granted all the queries it needs.
 * - A use after `now` was stored while the clock was ahead. It counts as a use at `now`.
 */
export interface QueryQueue {
  /** Times of the queries in the last window, oldest first, in milliseconds since 1970. */
  readonly uses: readonly number[];
  /** Queue of the waiting syncs, first come, first served. */
  readonly line: readonly WaitingSync[];
}

/** A sync that waits for a query. */
export interface WaitingSync {
  /** ID of the sync. */
  readonly sync: string;
  /** Queries that are reserved for it. */
  readonly need: number;
  /** Whether it keeps its place until all of `need` is granted; false by default. */
  readonly keeps?: boolean;
}

/** Request for one query. */
export interface QueryRequest {
  /**
   * ID of the sync that joins the queue if no query is available. Without it, the request is refused instead.
   */
  readonly sync?: string | undefined;
  /**
   * Queries that must be available for the first of them to be useful; 1 by default, and if the budget is
   * smaller.
   */
  readonly need?: number;
  /** Whether the sync keeps its place until all of `need` is granted; false by default. */
  readonly keeps?: boolean;
}

/** Limit of uses in a sliding window of `windowMs` milliseconds. */
export interface Budget {
  readonly limit: number;
  readonly windowMs: number;
}

/** Grant of a use, or the time from which one may be available (`freeAt`, milliseconds since 1970). */
export type QueryGrant = { readonly granted: true } | { readonly granted: false; readonly freeAt: number };

/**
 * Grant of one query to a sync, or the time to ask again, with the new state of the queue (`queue`).
 *
 * @param now milliseconds since 1970
 * @example
 * ```ts
 * import { acquireQuery } from '@braze-mixpanel/core/cohorts';
 *
 * const budget = { limit: 60, windowMs: 3_600_000 };
 * const { granted, queue } = acquireQuery({ uses: [], line: [] }, { sync: '1234' }, 0, budget);
 * console.log(granted, queue.uses.length); // true 1
 * ```
 */
export function acquireQuery(
  { uses, line }: QueryQueue,
  { sync, need: wanted = 1, keeps = false }: QueryRequest,
  now: number,
  budget: Budget,
): QueryGrant & { readonly queue: QueryQueue } {
  const place = line.findIndex(each => each.sync === sync);
  const before = place < 0 ? undefined : line[place]!;
  const ahead = place < 0 ? line : line.slice(0, place);
  const behind = place < 0 ? [] : line.slice(place + 1);
  const need = wanted > budget.limit ? 1 : wanted;
  const setAside = ahead.reduce((sum, each) => sum + each.need, 0);
  const { uses: after, ...grant } = takeFromBudget(uses, now, { ...budget, need: setAside + need });
  const kept = keeps || before?.keeps === true;
  const left = Math.max(need, before?.need ?? 0) - (grant.granted ? 1 : 0);
  const waits = sync !== undefined && left > 0 && (!grant.granted || kept);
  const own = waits ? [{ sync, need: left, ...(kept && { keeps: true }) }] : [];
  return { ...grant, queue: { uses: after, line: [...ahead, ...own, ...behind] } };
}

/**
 * State without the syncs that no longer wait.
 *
 * @param waits whether the sync with this ID still waits
 * @example
 * ```ts
 * import { filterQueue } from '@braze-mixpanel/core/cohorts';
 *
 * const queue = { uses: [], line: [{ sync: '1', need: 1 }, { sync: '2', need: 1 }] };
 * console.log(filterQueue(queue, sync => sync === '2').line.length); // 1
 * ```
 */
export function filterQueue({ uses, line }: QueryQueue, waits: (sync: string) => boolean): QueryQueue {
  return { uses, line: line.filter(({ sync }) => waits(sync)) };
}

/**
 * Grant of one use of a budget if `need` uses are available, with the times of the uses in the window.
 *
 * @param now milliseconds since 1970
 * @param budget `need` is 1 by default
 * @example
 * ```ts
 * import { takeFromBudget } from '@braze-mixpanel/core/cohorts';
 *
 * const refused = takeFromBudget([1_000], 2_000, { limit: 1, windowMs: 60_000 });
 * console.log(refused.granted || refused.freeAt); // 61000
 * ```
 */
export function takeFromBudget(
  uses: readonly number[],
  now: number,
  { limit, windowMs, need = 1 }: Budget & { readonly need?: number },
): QueryGrant & { readonly uses: readonly number[] } {
  const recent = uses.map(at => Math.min(at, now)).filter(at => at > now - windowMs);
  if (recent.length + need <= limit) return { granted: true, uses: [...recent, now] };
  // If more are needed than the whole budget has, the syncs ahead are served first: try again when all of it
  // is available, or soon after.
  const last = recent.at(Math.min(recent.length - limit + need, recent.length) - 1);
  const freeAt = last === undefined ? now + Math.ceil(windowMs / limit) : last + windowMs;
  return { granted: false, uses: recent, freeAt };
}
