/**
 * Cohort synchronization: members and their keys, sorted runs with their differences and merges, the state
 * machine of a sync, the schedule, and the queue for the query API. Pure functions and streams; the caller
 * does all I/O and passes in the time.
 *
 * A run is a sorted sequence of member keys in chunks of bytes ({@link RunWriter}). Its memory use is one
 * chunk, whatever the size of the cohort.
 *
 * @module
 */
export * from './combine.ts';
export * from './difference.ts';
export * from './external-sort.ts';
export * from './matching.ts';
export { isRefused, isUnmatched, type Member, memberKey, memberOfKey } from './member.ts';
export * from './query-queue.ts';
export * from './run.ts';
export * from './safety-stop.ts';
export * from './schedule.ts';
export * from './session.ts';
export * from './snapshot.ts';
export * from './sync-state.ts';
export * from './target.ts';
export * from './utf8-order.ts';
export * from './walk.ts';
