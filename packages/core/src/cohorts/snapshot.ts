import type { RunCounts } from './run.ts';

/** All members of a cohort at one time. `Run` is the storage's name of the run that contains them. */
export interface Snapshot<Run> {
  readonly run: Run;
  /** Members that can be sent to Braze. */
  readonly members: number;
  /** Members that match no user in Braze. */
  readonly unmatched: number;
  /** Of the unmatched, those with a refused ID; absent in states that earlier versions stored. */
  readonly refusedIds?: number;
}

/**
 * Snapshot of a stored run, with its numbers of members.
 *
 * @example
 * ```ts
 * import { snapshotOf } from '@braze-mixpanel/core/cohorts';
 *
 * console.log(snapshotOf('run-1', { matched: 2, unmatched: 1, refusedIds: 0 }).members); // 2
 * ```
 */
export function snapshotOf<Run>(run: Run, { matched, ...counts }: RunCounts): Snapshot<Run> {
  return { run, members: matched, ...counts };
}
