import { unionOf } from './combine.ts';
import { type RunCounts, RunWriter } from './run.ts';

/** Storage of runs, which the caller implements. `Run` is its name of a stored run. */
export interface RunStorage<Run> {
  read(run: Run): AsyncIterable<Uint8Array>;
  /** Stores a run and resolves to a new name for it. */
  write(chunks: AsyncIterable<Uint8Array>): Promise<Run>;
  /** Deletes a run. Called for intermediate runs only, never for the caller's. */
  discard(run: Run): Promise<void>;
}

/** A stored run, and the number of its members. */
export interface SortedRun<Run> {
  readonly run: Run;
  readonly counts: RunCounts;
}

/**
 * External merge sort: any number of sorted runs become one, `fanIn` at a time. A cohort of ten million
 * members comes in ten thousand pages, each a run; at most `fanIn` chunks are in memory. Always writes a new
 * run, even for no runs or a single one.
 *
 * @param fanIn runs that are merged at a time; 256 by default
 * @example
 * ```ts
 * import { keysOfRun, mergeRuns, once, runOfKeys } from '@braze-mixpanel/core/cohorts';
 *
 * const stored: Uint8Array[][] = [];
 * const storage = {
 *   read: (run: number) => once(Buffer.concat(stored[run] ?? [])),
 *   write: async (chunks: AsyncIterable<Uint8Array>) => stored.push(await Array.fromAsync(chunks)) - 1,
 *   discard: async (run: number) => void delete stored[run],
 * };
 * stored.push([runOfKeys(['ebob']).chunk], [runOfKeys(['eada']).chunk]);
 * const { run, counts } = await mergeRuns([0, 1], storage);
 * console.log((await Array.fromAsync(keysOfRun(storage.read(run)))).join(), counts.matched); // eada,ebob 2
 * ```
 */
export async function mergeRuns<Run>(
  runs: AsyncIterable<Run> | Iterable<Run>,
  storage: RunStorage<Run>,
  fanIn = 256,
): Promise<SortedRun<Run>> {
  let merged = await mergeOnce(runs, storage, fanIn);
  while (merged.length > 1) {
    const intermediate = merged.map(({ run }) => run);
    merged = await mergeOnce(intermediate, storage, fanIn);
    for (const run of intermediate) await storage.discard(run);
  }
  return merged[0]!;
}

async function mergeOnce<Run>(
  runs: AsyncIterable<Run> | Iterable<Run>,
  storage: RunStorage<Run>,
  fanIn: number,
): Promise<SortedRun<Run>[]> {
  const merged: SortedRun<Run>[] = [];
  let group: Run[] = [];
  const merge = async () => {
    const writer = new RunWriter();
    const run = await storage.write(
      unionOf(
        group.map(member => storage.read(member)),
        writer,
      ),
    );
    merged.push({ run, counts: writer.counts });
    group = [];
  };
  for await (const run of runs) {
    group.push(run);
    if (group.length === fanIn) await merge();
  }
  if (group.length > 0 || merged.length === 0) await merge();
  return merged;
}
