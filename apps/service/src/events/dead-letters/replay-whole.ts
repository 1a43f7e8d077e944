import type { DeadLetter, DeadLetterFilter, DeadLetterStore } from '@braze-mixpanel/storage';
import { pagesOf } from './pages.ts';
import { replayAll } from './replay-all.ts';

const lettersAtOnce = 500;

/**
 * Replays all dead letters of a filter as they arrived, in several transactions, and calls `onReplayed` after
 * each page of them.
 *
 * @param optionsOf JSON text of the mapping options of a replay
 */
export async function replayAsTheyCame(
  store: Pick<DeadLetterStore, 'list' | 'replay'>,
  filter: DeadLetterFilter & { connection: string },
  optionsOf: (letter: DeadLetter) => string,
  onReplayed: (count: number) => void,
): Promise<void> {
  let before: number | undefined;
  for (;;) {
    const page = before === undefined ? {} : { before };
    const letters = await pagesOf(store, { ...filter, ...page, limit: lettersAtOnce });
    const last = letters.at(-1);
    if (last === undefined) return;
    for (const [profile, group] of Map.groupBy(letters, optionsOf)) {
      const ids = group.map(({ id }) => id);
      onReplayed(await replayAll(store, { ...filter, profile, ids }));
    }
    before = last.id;
  }
}
