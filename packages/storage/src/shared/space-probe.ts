import { type Journal, type Storage, StorageError, type StorageHealth } from '../ports/index.ts';

/** Minimum bytes that a probe writes: about one batch of 100 events. */
const PROBE_BYTES = 64 * 1024;
/** Bytes that a batch needs beside its body: pages of its row, of indexes and of counts. */
const ROW_BYTES = 32 * 1024;

/**
 * `append` and `probe` of a storage. A probe writes at least as many bytes as the last batch that was refused
 * as `full`, so that storage does not count as healthy before that batch would fit. One probe runs at a time;
 * callers share it.
 *
 * @param write stores so many bytes and deletes them, in two commits: space is used first, then freed.
 *   Overwriting a row in place would succeed on a disk that has no space for the next batch
 */
export function spaceProbe(
  append: Journal['append'],
  write: (bytes: number) => Promise<void>,
): { append: Journal['append']; probe: Storage['probe'] } {
  let refusedBytes = 0;
  let running: Promise<StorageHealth> | undefined;

  const tryWrite = async (): Promise<StorageHealth> => {
    try {
      await write(Math.max(PROBE_BYTES, refusedBytes + ROW_BYTES));
      return { ok: true };
    } catch (error) {
      return { ok: false, reason: error instanceof Error ? error.message : String(error) };
    }
  };

  return {
    async append(batch) {
      const size = batch.body.byteLength;
      try {
        const appended = await append(batch);
        refusedBytes = 0;
        return appended;
      } catch (error) {
        if (error instanceof StorageError && error.code === 'full') refusedBytes = size;
        throw error;
      }
    },
    probe() {
      running ??= tryWrite().finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}
