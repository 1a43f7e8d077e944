import type { DeadLetterFilter, DeadLetterStore } from '@braze-mixpanel/storage';

/** Dead letters that one transaction replays. */
const pageSize = 500;

/**
 * Replays all dead letters of a filter as they arrived, in several transactions, and calls `onReplayed` after
 * each.
 */
export async function replayAsTheyCame(
  store: Pick<DeadLetterStore, 'replay'>,
  all: DeadLetterFilter & { connection: string; profile: string },
  onReplayed: (count: number) => void,
): Promise<void> {
  let before: number | undefined;
  for (;;) {
    const page = before === undefined ? {} : { before };
    const ids = await store.replay({ ...all, ...page, limit: pageSize });
    if (ids.length === 0) return;
    onReplayed(ids.length);
    before = ids.reduce((least, id) => Math.min(least, id));
  }
}
