/**
 * Who may query Mixpanel next: a budget of queries in a rolling window, and the line of the syncs that wait for one. Pure; the
 * caller stores every new state before it sends the query. Times are milliseconds since 1970 on the injected clock.
 *
 * - A query is granted only where it leaves what everyone ahead in the line needs: no sync overtakes another.
 * - A sync that is granted its query leaves the line. When it needs one more it goes to the end: syncs are served in turn,
 *   so each of them moves on while queries become free.
 * - A sync that `keeps` its place has it until it was granted all it needs.
 * - A use that lies ahead of now was stored while the clock was ahead. It counts as one of this moment.
 */
export interface QueryTurns {
  /** Moments of the queries of the last window, oldest first. */
  readonly uses: readonly number[];
  /** First come, first served. */
  readonly line: readonly InLine[];
}

export interface InLine {
  readonly sync: string;
  /** Queries that are set aside for it. */
  readonly need: number;
  readonly keeps?: boolean;
}

export interface TurnRequest {
  /** Without one nobody waits: the request is refused where it would have to. */
  readonly sync?: string | undefined;
  /** Queries that have to be free for the first of them to be of use; one where nothing is said, or where the budget is smaller. */
  readonly need?: number;
  readonly keeps?: boolean;
}

export interface Budget {
  readonly limit: number;
  readonly windowMs: number;
}

export type Turn = { readonly granted: true } | { readonly granted: false; readonly freeAt: number };

/** Grants one query, or says when to come again. */
export function takeTurn(
  { uses, line }: QueryTurns,
  { sync, need: wanted = 1, keeps = false }: TurnRequest,
  now: number,
  budget: Budget,
): Turn & { readonly turns: QueryTurns } {
  const place = line.findIndex(each => each.sync === sync);
  const before = place < 0 ? undefined : line[place]!;
  const ahead = place < 0 ? line : line.slice(0, place);
  const behind = place < 0 ? [] : line.slice(place + 1);
  const need = wanted > budget.limit ? 1 : wanted;
  const setAside = ahead.reduce((sum, each) => sum + each.need, 0);
  const { uses: after, ...turn } = takeFromBudget(uses, now, { ...budget, need: setAside + need });
  const kept = keeps || before?.keeps === true;
  const left = Math.max(need, before?.need ?? 0) - (turn.granted ? 1 : 0);
  const waits = sync !== undefined && left > 0 && (!turn.granted || kept);
  const own = waits ? [{ sync, need: left, ...(kept && { keeps: true }) }] : [];
  return { ...turn, turns: { uses: after, line: [...ahead, ...own, ...behind] } };
}

/** The line without those that no longer wait. */
export function leaveLine({ uses, line }: QueryTurns, waits: (sync: string) => boolean): QueryTurns {
  return { uses, line: line.filter(({ sync }) => waits(sync)) };
}

/** Grants one use of the budget where `need` are free. */
export function takeFromBudget(
  uses: readonly number[],
  now: number,
  { limit, windowMs, need = 1 }: Budget & { readonly need?: number },
): Turn & { readonly uses: readonly number[] } {
  const recent = uses.map(at => Math.min(at, now)).filter(at => at > now - windowMs);
  if (recent.length + need <= limit) return { granted: true, uses: [...recent, now] };
  // Where more are needed than the whole budget has, those ahead are served first: it is all free again, or a little later.
  const last = recent.at(Math.min(recent.length - limit + need, recent.length) - 1);
  const freeAt = last === undefined ? now + Math.ceil(windowMs / limit) : last + windowMs;
  return { granted: false, uses: recent, freeAt };
}
