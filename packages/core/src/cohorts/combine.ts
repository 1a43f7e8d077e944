/**
 * Runs made of runs, chunk by chunk. `counts` of the writer passed in hold the totals once the generator has ended.
 */
import type { RunWriter } from './run.ts';
import { walkRuns } from './walk.ts';

/** The union of any number of sorted runs: the merge of an external sort. */
export function unionOf(
  runs: readonly AsyncIterable<Uint8Array>[],
  writer: RunWriter,
): AsyncGenerator<Uint8Array> {
  return write(runs, writer, () => true);
}

/** `base` with the members of `added`, without those of `removed`; who stands in both leaves. */
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
