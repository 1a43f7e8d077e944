import type { DeadLetterFilter, DeadLetterStore } from '@braze-mixpanel/storage';

const lettersAtOnce = 500;

/** Ends all dead letters of a filter, in several transactions, `onPurged` hears of each; those that die meanwhile are not part of it. */
export async function purge(
  store: Pick<DeadLetterStore, 'remove'>,
  request: DeadLetterFilter & { connection: string; ids?: number[]; skippedAs: string },
  onPurged: (count: number) => void,
): Promise<void> {
  let before: number | undefined;
  for (;;) {
    const ids = await store.remove({
      ...request,
      limit: lettersAtOnce,
      ...(before !== undefined && { before }),
    });
    if (ids.length === 0) return;
    onPurged(ids.length);
    before = ids.reduce((least, id) => Math.min(least, id));
  }
}
