import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ResourceLimits, Worker } from 'node:worker_threads';

/** What a worker thread is started with. */
export interface WorkerThreadOptions {
  /** `import.meta.url` of a module in the folder of the worker's file. */
  readonly beside: string;
  /** Name of the worker's file, without an extension. */
  readonly file: string;
  /** Name of the thread, for diagnostics. */
  readonly name: string;
  /** `workerData` of the thread. */
  readonly data: unknown;
  /** Bounds of its heap. */
  readonly limits: ResourceLimits;
}

/** Why a thread has ended. */
export interface ThreadEnd {
  /** Message of the error that ended it, or its exit code. */
  readonly reason: string;
  /** The error that ended it; `undefined` if there was none. */
  readonly cause: unknown;
}

/**
 * Starts a worker thread. Its file has the extension of the module beside it: `.ts` in the sources, `.js` when
 * built. In a bundle it must be an entry point of its own, under its own name, in the bundle's folder. Flags of
 * the process are inherited; from the sources the thread needs the `source` condition even where the process (a
 * test runner) resolves it by other means.
 */
export function startWorker({ beside, file, name, data, limits }: WorkerThreadOptions): Worker {
  const extension = extname(fileURLToPath(beside));
  const inherits = extension !== '.ts' || process.execArgv.includes('--conditions=source');
  return new Worker(new URL(`./${file}${extension}`, beside), {
    ...{ name, workerData: data, resourceLimits: limits },
    ...(inherits ? {} : { execArgv: ['--conditions=source'] }),
  });
}

/** Resolves when the thread has ended. Never rejects. */
export function threadEnd(worker: Worker): Promise<ThreadEnd> {
  let cause: unknown;
  worker.on('error', error => {
    cause = error;
  });
  return new Promise(resolve =>
    worker.on('exit', code =>
      resolve({ cause, reason: cause instanceof Error ? cause.message : `exit code ${code}` }),
    ),
  );
}
