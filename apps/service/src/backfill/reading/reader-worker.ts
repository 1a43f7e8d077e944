import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { transferable, WakeSignal } from '@braze-mixpanel/concurrency';
import { openSource } from '@braze-mixpanel/currents-files';
import { dataOf, type FromReading, stepsAhead, type ToReading, type ToThread } from './protocol.ts';
import { readSteps } from './read-steps.ts';
import type { KnownFile, ReadCalls, ReadRequest } from './step-reader.ts';

/**
 * The thread that reads the files of a job: decoding them and writing their events as JSON would take more of
 * the main thread than everything else. `workerData` is the address of the source.
 */
const parent = parentPort;
if (parent === null) throw new Error('reader-worker runs as a worker thread only; use ReaderThread.');

parent.on('message', (message: ToThread) => {
  // Reading may wait for a vendor; nothing of it is needed any more.
  if (message.kind === 'close') process.exit();
  else if (message.kind === 'read') void serve(message.request, message.port);
});

async function serve(request: ReadRequest, port: MessagePort): Promise<void> {
  const tell = (message: FromReading, moved: ArrayBuffer[] = []) => port.postMessage(message, moved);
  const changed = new WakeSignal();
  const known: ((files: ReadonlyMap<string, KnownFile>) => void)[] = [];
  let mayRead = stepsAhead;
  let isOpen = true;
  port.on('message', (message: ToReading) => {
    if (message.kind === 'known') known.shift()?.(message.files);
    else mayRead += 1;
    changed.notify();
  });
  port.on('close', () => {
    isOpen = false;
    changed.notify();
  });
  const calls: ReadCalls = {
    known: paths => {
      tell({ kind: 'known', paths });
      return new Promise(resolve => known.push(resolve));
    },
    onFault: fault => tell({ kind: 'fault', fault }),
    onRefused: error => tell({ kind: 'refused', error: dataOf(error) }),
  };
  try {
    for await (const step of readSteps(await openSource(workerData as string), request, calls)) {
      tell({ kind: 'step', step }, transferable(step.batches));
      mayRead -= 1;
      while (mayRead === 0 && isOpen) await changed.wait();
      if (!isOpen) return;
    }
    tell({ kind: 'end' });
  } catch (error) {
    tell({ kind: 'failed', error: dataOf(error) });
  }
}
