import type { Worker } from 'node:worker_threads';
import { ReaderThread, startReader } from '../backfill/reading/reader-thread.ts';

/** Reading threads whose workers a test can end, the newest last. */
export function watchedReaders() {
  const workers: Worker[] = [];
  return {
    workers,
    startReader: ({ address }: { address: string }) =>
      new ReaderThread(address, of => {
        const worker = startReader(of);
        workers.push(worker);
        return worker;
      }),
  };
}
