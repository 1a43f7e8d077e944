/**
 * Action of a page: the whole cohort (`members`), or a difference.
 *
 * @see https://docs.mixpanel.com/docs/cohort-sync/webhooks
 */
export type CohortAction = 'members' | 'add_members' | 'remove_members';

/** Pages of one session and one action, collected until all have arrived. */
export interface PageGroup {
  /** `mixpanel_session_id` of the pages. */
  readonly session: string;
  readonly action: CohortAction;
  /** Number of pages that the sender announced. */
  readonly total: number;
  /** Distinct pages received. */
  readonly seen: number;
  /** Sequence number of its first page among all received pages. Not a time, since clocks may be set back. */
  readonly began: number;
  /** Digest of the digests of its pages, in page order. */
  readonly digest: string;
}

/** Whether a group of pages is applied, and if not, why. See {@link judgeGroup}. */
export type GroupVerdict = 'incomplete' | 'resent' | 'outdated' | 'apply';

/**
 * Decision whether a group of pages is applied to the cohort.
 *
 * - `outdated`: it began before the newest full list that was applied. Drop it.
 * - `incomplete`: pages are missing. They arrive in any order; a page that comes again replaces the first,
 *   and a page with another total restarts its group. Pages of different sessions never mix.
 * - `resent`: its pages equal those of the group of the same session and action that was applied before.
 *   Ignore it.
 * - `apply`: all others.
 *
 * @example
 * ```ts
 * import { judgeGroup } from '@braze-mixpanel/core/cohorts';
 *
 * const group = { session: 's', action: 'members', total: 2, seen: 1, began: 1, digest: 'd' } as const;
 * console.log(judgeGroup(group, { closedDigest: undefined, fullListBegan: undefined })); // incomplete
 * ```
 */
export function judgeGroup(
  group: PageGroup,
  {
    closedDigest,
    fullListBegan,
  }: {
    /** Digest of the group of the same session and action that was applied before, if any. */
    closedDigest: string | undefined;
    /** `began` of the newest full list that was applied, if any. */
    fullListBegan: number | undefined;
  },
): GroupVerdict {
  if (fullListBegan !== undefined && group.began < fullListBegan) return 'outdated';
  if (group.seen < group.total) return 'incomplete';
  return closedDigest === group.digest ? 'resent' : 'apply';
}
