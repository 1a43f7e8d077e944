/**
 * Merges any number of sorted runs into one, `fanIn` at a time: pages of a cohort of ten million are ten thousand runs,
 * and no more than `fanIn` chunks are ever in memory. Where runs are kept is the caller's: all I/O is passed in.
 */
import { unionOf } from './combine.ts';
import { type RunCounts, RunWriter } from './run.ts';

export interface RunStorage<Run> {
  read(run: Run): AsyncIterable<Uint8Array>;
  /** Keeps a run under a name of the storage's own making. */
  write(chunks: AsyncIterable<Uint8Array>): Promise<Run>;
  /** For intermediate runs only; the caller's own are left alone. */
  discard(run: Run): Promise<void>;
}

export interface SortedRun<Run> {
  readonly run: Run;
  readonly counts: RunCounts;
}

/** Resolves to a run that is always newly written, also where `runs` is empty or a single one. */
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
