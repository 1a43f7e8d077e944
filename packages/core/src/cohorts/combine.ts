/**
 * Runs combined from other runs, chunk by chunk. `counts` of the given writer are the totals once the
 * generator has ended.
 */
import type { RunWriter } from './run.ts';
import { walkRuns } from './walk.ts';

/**
 * Union of any number of runs, each key once: the merge step of an external sort.
 *
 * @param writer new writer; its `counts` are complete when the generator has ended
 * @example
 * ```ts
 * import { keysOfRun, once, RunWriter, runOfKeys, unionOf } from '@braze-mixpanel/core/cohorts';
 *
 * const run = (...keys: string[]) => once(runOfKeys(keys).chunk);
 * const union = unionOf([run('eada'), run('eada', 'ebob')], new RunWriter());
 * console.log((await Array.fromAsync(keysOfRun(union))).join()); // eada,ebob
 * ```
 */
export function unionOf(
  runs: readonly AsyncIterable<Uint8Array>[],
  writer: RunWriter,
): AsyncGenerator<Uint8Array> {
  return write(runs, writer, () => true);
}

/**
 * Run with the members of `base` and `added`, but without those of `removed`. A member of both `added` and
 * `removed` is left out.
 *
 * @param writer new writer; its `counts` are complete when the generator has ended
 * @example
 * ```ts
 * import { applyDelta, keysOfRun, once, RunWriter, runOfKeys } from '@braze-mixpanel/core/cohorts';
 *
 * const run = (...keys: string[]) => once(runOfKeys(keys).chunk);
 * const cohort = applyDelta(run('eada', 'ebob'), run('ecy'), run('eada'), new RunWriter());
 * console.log((await Array.fromAsync(keysOfRun(cohort))).join()); // ebob,ecy
 * ```
 */
export function applyDelta(
  base: AsyncIterable<Uint8Array>,
  added: AsyncIterable<Uint8Array>,
  removed: AsyncIterable<Uint8Array>,
  writer: RunWriter,
): AsyncGenerator<Uint8Array> {
  return write([base, added, removed], writer, presence => (presence & 4) === 0);
}

async function* write(
  runs: readonly AsyncIterable<Uint8Array>[],
  writer: RunWriter,
  keep: (presence: number) => boolean,
): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const steps = walkRuns(runs, (cursor, presence) => {
    if (!keep(presence)) return;
    writer.push(cursor.bytes, cursor.start, cursor.end);
    const chunk = writer.takeFull();
    if (chunk) chunks.push(chunk);
  });
  for await (const _ of steps) yield* chunks.splice(0);
  yield* chunks.splice(0);
  const rest = writer.takeRest();
  if (rest) yield rest;
}
