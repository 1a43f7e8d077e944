import type { DeadLetterStore, Replay } from '@braze-mixpanel/storage';

/**
 * Replays these dead letters in several calls, since one call of the store accepts no more than fits one
 * transaction. Resolves to the number of those that were there.
 */
export async function replayAll(
  store: Pick<DeadLetterStore, 'replay'>,
  request: Omit<Replay, 'limit'> & { ids: number[] },
): Promise<number> {
  let replayed = 0;
  for (let { ids } = request; ids.length > 0; ) {
    const done = new Set(await store.replay({ ...request, ids, limit: ids.length }));
    if (done.size === 0) break;
    replayed += done.size;
    ids = ids.filter(id => !done.has(id));
  }
  return replayed;
}
