import { Worker } from 'node:worker_threads';
import { ReaderThread, readerLimits, startReader } from '../backfill/reading/reader-thread.ts';

const readerWorker = new URL('../backfill/reading/reader-worker.ts', import.meta.url).href;

/** Code of a thread that reads as that of the service, and keeps memory for good instead of sending a step. */
const codeOf = (steps: number) => `
  const { MessagePort } = require('node:worker_threads');
  const { postMessage } = MessagePort.prototype;
  let sent = 0;
  MessagePort.prototype.postMessage = function (message, ...rest) {
    if (message.kind === 'step' && ++sent > ${steps})
      for (let kept; ; ) kept = { kept, sent: [sent] };
    return postMessage.call(this, message, ...rest);
  };
  import(${JSON.stringify(readerWorker)});`;

/**
 * Reading threads that run out of memory after so many steps of each.
 *
 * @param steps for each thread in order; the threads behind these are as those of the service
 */
export function exhaustedReaders(steps: readonly number[]) {
  const left = [...steps];
  /** Codes of the errors that ended threads. */
  const errors: unknown[] = [];
  const start = (address: string): Worker => {
    const next = left.shift();
    if (next === undefined) return startReader(address);
    const worker = new Worker(codeOf(next), {
      ...{ eval: true, workerData: address, resourceLimits: { ...readerLimits, maxOldGenerationSizeMb: 64 } },
      execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    });
    worker.on('error', error => errors.push((error as NodeJS.ErrnoException).code));
    return worker;
  };
  return { errors, startReader: ({ address }: { address: string }) => new ReaderThread(address, start) };
}
