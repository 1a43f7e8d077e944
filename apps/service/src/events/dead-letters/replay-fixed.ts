import type { DeadLetter, DeadLetterFilter, DeadLetterStore } from '@braze-mixpanel/storage';
import { type Fix, fixed } from './fix.ts';
import { pagesOf } from './pages.ts';
import { replayAll } from './replay-all.ts';
import { type Trial, trial } from './trial.ts';

export interface FixedReplay {
  /** Dead letters that the fix makes deliverable: replayed, or in a dry run would be. */
  replayed: number;
  /** Dead letters that stay as they are, by the reason that is left. */
  left: Record<string, number>;
  /** The first few of both kinds, each with its outcome. */
  examples: { id: number; result: Trial | { outcome: 'unfit'; why: string } }[];
}

export interface FixedReplayRequest {
  readonly filter: DeadLetterFilter & { connection: string };
  readonly fix: Fix;
  /** JSON text of the mapping options of a replay. */
  readonly optionsOf: (letter: DeadLetter) => string;
  readonly dryRun: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const lettersAtOnce = 200;
const mostExamples = 3;

/**
 * Replays all dead letters of a filter that a fix makes deliverable, page by page from the newest to the
 * oldest, in bounded memory. A dead letter that would fail again, or would only be skipped, stays where it
 * is. Dead letters that are added meanwhile are not included.
 */
export async function replayFixed(
  store: Pick<DeadLetterStore, 'list' | 'replay'>,
  { filter, fix, optionsOf, dryRun, now }: FixedReplayRequest,
  onReplayed: () => void,
): Promise<FixedReplay> {
  const done: FixedReplay = { replayed: 0, left: {}, examples: [] };
  const left = new Map<string, number>();
  let before: number | undefined;
  for (;;) {
    const page = await pagesOf(store, {
      ...filter,
      limit: lettersAtOnce,
      ...(before !== undefined && { before }),
    });
    const corrected: Record<number, string> = {};
    const mapped: DeadLetter[] = [];
    for (const letter of page) {
      const { event, result } = attempt(letter, fix, optionsOf(letter), now());
      if (done.examples.filter(each => each.result.outcome === result.outcome).length < mostExamples)
        done.examples.push({ id: letter.id, result });
      if (result.outcome === 'mapped') {
        corrected[letter.id] = JSON.stringify(event);
        mapped.push(letter);
      } else {
        const reason = result.outcome === 'unfit' ? 'unfit' : result.reason;
        left.set(reason, (left.get(reason) ?? 0) + 1);
      }
    }
    if (dryRun) done.replayed += mapped.length;
    else
      for (const [profile, letters] of Map.groupBy(mapped, optionsOf)) {
        const ids = letters.map(({ id }) => id);
        done.replayed += await replayAll(store, { ...filter, profile, ids, corrected });
        onReplayed();
      }
    const last = page.at(-1);
    if (last === undefined) return { ...done, left: Object.fromEntries(left) };
    before = last.id;
  }
}

/** The outcome of a fix for one dead letter. */
function attempt(
  letter: DeadLetter,
  fix: Fix,
  mappingOptions: string,
  now: number,
): { event: unknown; result: Trial | { outcome: 'unfit'; why: string } } {
  const correction = fixed(letter.original, fix);
  return correction.kind === 'unfit'
    ? { event: undefined, result: { outcome: 'unfit', why: correction.why } }
    : { event: correction.event, result: trial(correction.event, mappingOptions, now) };
}
