import type { DeadLetterFilter, DeadLetterStore } from '@braze-mixpanel/storage';

const lettersAtOnce = 500;

/**
 * Deletes all dead letters of a filter in several transactions, and calls `onPurged` after each. Dead letters
 * that are added meanwhile stay.
 */
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
