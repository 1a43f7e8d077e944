import type { Receipts } from '@braze-mixpanel/storage';
import { deletionTimes } from './deletion.ts';

/** Announces new deletions to other replicas. No connection has a name with a colon. */
export const deletionWork = 'vendor:deletions';

/** Deletions of users in the Mixpanel project of a connection. */
export interface DeletionStatus {
  /** Not accepted by Mixpanel yet. */
  readonly waiting: number;
  /** Accepted, and neither done nor failed. */
  readonly followed: number;
  readonly done: number;
  readonly failed: number;
  /** Of these, those that need a look. */
  readonly stuck: {
    /** For a day. */
    readonly waiting: number;
    /** For more than the 30 days that Mixpanel documents. */
    readonly followed: number;
    /** In the last 14 days. */
    readonly failed: number;
  };
}

export const noDeletions: DeletionStatus = {
  ...{ waiting: 0, followed: 0, done: 0, failed: 0 },
  stuck: { waiting: 0, followed: 0, failed: 0 },
};

const dayMs = 86_400_000;

/** Deletions by connection; `undefined` where storage can't be read. */
export async function deletionStatuses(
  receipts: Pick<Receipts, 'summary'>,
  now: number,
): Promise<ReadonlyMap<string, DeletionStatus> | undefined> {
  const bounds = {
    waitingBefore: now - dayMs,
    followedBefore: now - deletionTimes.late,
    failedAfter: now - 14 * dayMs,
  };
  const summaries = await receipts.summary(bounds).catch(() => undefined);
  return (
    summaries &&
    new Map(
      summaries.map(({ connection, waitingLong, followedLong, failedLately, ...counts }) => [
        connection,
        { ...counts, stuck: { waiting: waitingLong, followed: followedLong, failed: failedLately } },
      ]),
    )
  );
}
