/**
 * Pages of a cohort, gathered by session until complete.
 *
 * - A group is the pages of one session and one action. It is complete when pages 1 to `total` were seen, in any order.
 * - A page that comes again takes the place of the first. A page that names another total starts its group over.
 * - Groups of different sessions never mix, however their pages interleave.
 * - A complete group that says page for page what its closed namesake said is a re-send: nothing follows from it.
 * - A group that began before the newest full list applied is outdated by that list, and dropped.
 */
export type CohortAction = 'members' | 'add_members' | 'remove_members';

export interface PageGroup {
  readonly session: string;
  readonly action: CohortAction;
  /** Pages the sender announced. */
  readonly total: number;
  /** Distinct pages seen. */
  readonly seen: number;
  /** Place of its first page in the order of receipt of all pages: a count, since clocks may stand still. */
  readonly began: number;
  /** Digest over the digests of its pages, in order. */
  readonly digest: string;
}

export type GroupVerdict = 'incomplete' | 'resent' | 'outdated' | 'apply';

export function judgeGroup(
  group: PageGroup,
  {
    closedDigest,
    fullListBegan,
  }: {
    /** Digest of the group of that session and action that was applied before, if any. */
    closedDigest: string | undefined;
    /** `began` of the newest full list that was applied. */
    fullListBegan: number | undefined;
  },
): GroupVerdict {
  if (fullListBegan !== undefined && group.began < fullListBegan) return 'outdated';
  if (group.seen < group.total) return 'incomplete';
  return closedDigest === group.digest ? 'resent' : 'apply';
}
