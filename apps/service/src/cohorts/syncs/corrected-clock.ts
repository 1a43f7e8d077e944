import { nextDue, type SyncState } from '@braze-mixpanel/core/cohorts';
import { type ReadBackState, readBackAfterMs } from './read-back-state.ts';
import type { SyncRecord } from './sync-record.ts';

/** Longest wait for the budget of queries. */
const longestWaitMs = 3_600_000;

/**
 * The record after a clock that was ahead was set back. Past times are now at the latest, the next read is at
 * most an interval away, and an attempt that would wait for longer than an interval or an hour is due. A
 * record without such times is returned unchanged.
 */
export function broughtBack(record: SyncRecord, now: number): SyncRecord {
  const past = <Moment extends number | undefined>(at: Moment): Moment =>
    (at === undefined ? at : Math.min(at, now)) as Moment;
  const { intervalMs, due, retryAt, problem, reading, readBack, drift, state } = record;
  const createdAt = past(record.createdAt);
  const brought: SyncRecord = {
    ...record,
    createdAt,
    due: due > now + intervalMs ? nextDue(createdAt, intervalMs, now) : due,
    retryAt: retryAt && retryAt > now + Math.max(intervalMs, longestWaitMs) ? now : retryAt,
    succeededAt: past(record.succeededAt),
    acceptedAt: past(record.acceptedAt),
    pushedAt: past(record.pushedAt),
    readAt: past(record.readAt),
    problem: problem && problem.at > now ? { ...problem, at: now } : problem,
    reading: reading && past(reading.at) !== reading.at ? { ...reading, at: now } : reading,
    readBack: readBack && readBackBy(readBack, now),
    drift: drift && drift.at > now ? { ...drift, at: now } : drift,
    state: sentBack(state, past(state.sentInFullAt)),
  };
  return isSame(brought, record) ? record : brought;
}

/** The read-back state with past times now at the latest, and the next attempt at most one pause away. */
function readBackBy(state: ReadBackState, now: number): ReadBackState {
  const { seen, problem, due, next } = state;
  const latest = now + readBackAfterMs;
  const late = (due !== undefined && due > latest) || (next?.due ?? 0) > latest;
  if (!late && (seen?.at ?? 0) <= now && (problem?.at ?? 0) <= now) return state;
  return {
    ...state,
    due: due && Math.min(due, latest),
    next: next && { ...next, due: Math.min(next.due, latest) },
    seen: seen && { ...seen, at: Math.min(seen.at, now) },
    problem: problem && { ...problem, at: Math.min(problem.at, now) },
  };
}

function sentBack(state: SyncState<number>, sentInFullAt: number | undefined): SyncState<number> {
  return sentInFullAt === state.sentInFullAt ? state : { ...state, sentInFullAt };
}

function isSame(one: SyncRecord, other: SyncRecord): boolean {
  return (Object.keys(one) as (keyof SyncRecord)[]).every(key => one[key] === other[key]);
}
