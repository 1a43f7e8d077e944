import type { FileSource } from '@braze-mixpanel/currents-files';
import type { BackfillReport } from '../report.ts';

/** Files and bytes of a source, counted beside reading: a million files take minutes to list. */
export interface CountedSource extends Disposable {
  /** `null` until all are counted. */
  readonly total: BackfillReport['total'];
}

/** Counts a source until it is disposed of. @param known its total, if it was counted before */
export function countSource(source: FileSource, known: BackfillReport['total']): CountedSource {
  const abort = new AbortController();
  const counted = { total: known, [Symbol.dispose]: () => abort.abort() };
  if (known === null)
    totalOf(source, abort.signal).then(
      total => {
        counted.total = total;
      },
      // Reading meets the same error, and reports it.
      () => undefined,
    );
  return counted;
}

async function totalOf(source: FileSource, signal: AbortSignal): Promise<BackfillReport['total']> {
  const total = { files: 0, bytes: 0 };
  for await (const { size } of source.list()) {
    if (signal.aborted) return null;
    total.files += 1;
    total.bytes += size;
  }
  return total;
}
