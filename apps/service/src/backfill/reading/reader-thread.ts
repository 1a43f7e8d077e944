import { MessageChannel, type MessagePort, type ResourceLimits, type Worker } from 'node:worker_threads';
import { startWorker, type ThreadEnd, threadEnd, WakeSignal } from '@braze-mixpanel/concurrency';
import { errorOf, type FromReading, type Outcome, type ToReading, type ToThread } from './protocol.ts';
import { type ReadCalls, ReaderError, type ReadRequest, type Step, type StepReader } from './step-reader.ts';

/**
 * Bounds of the thread's heap, so that the whole service stays under 300 MB. It has some 30 MB; records of a few
 * megabytes, of any shape, still fit. Blocks of files and bodies are outside of it.
 *
 * A thread that reaches the bound with many small allocations ends alone, one that reaches it within a large one
 * (a long text) ends the process. So records are bounded, and this is for what is not foreseen.
 */
export const readerLimits: ResourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 128 };

/** Starts the thread. A test passes its own to end it. @param address of the source */
export type StartReader = (address: string) => Worker;

/** Starts the thread of the service. */
export const startReader: StartReader = address =>
  startWorker({
    ...{ beside: import.meta.url, file: 'reader-worker', name: 'backfill', data: address },
    limits: readerLimits,
  });

/**
 * Reads the files of a job in a thread of its own, which starts with the first reading and ends with `close`.
 * If it ends by itself, readings end with a {@link ReaderError}, and the next one starts another.
 */
export class ReaderThread implements StepReader {
  readonly #address: string;
  readonly #start: StartReader;
  #running: { readonly worker: Worker; readonly ended: Promise<ThreadEnd> } | undefined;

  constructor(address: string, start: StartReader = startReader) {
    this.#address = address;
    this.#start = start;
  }

  async *read(request: ReadRequest, calls: ReadCalls): AsyncGenerator<Step> {
    const { worker, ended } = this.#thread();
    const { port1: port, port2: theirs } = new MessageChannel();
    const outcomes = new Outcomes(port, calls);
    worker.postMessage({ kind: 'read', request, port: theirs } satisfies ToThread, [theirs]);
    try {
      for (;;) {
        const outcome = await outcomes.next();
        if (outcome === undefined) throw endedByItself(await ended);
        if (outcome.kind === 'end') return;
        if (outcome.kind === 'failed') throw outcome.error;
        outcomes.wantMore();
        yield outcome.step;
      }
    } finally {
      port.close();
    }
  }

  async close(): Promise<void> {
    const running = this.#running;
    running?.worker.postMessage({ kind: 'close' } satisfies ToThread);
    await running?.ended;
  }

  #thread() {
    if (this.#running !== undefined) return this.#running;
    const worker = this.#start(this.#address);
    const ended = threadEnd(worker);
    const running = { worker, ended };
    this.#running = running;
    void ended.then(() => {
      this.#running = undefined;
    });
    return running;
  }
}

type Received = Exclude<Outcome, { kind: 'failed' }> | { readonly kind: 'failed'; readonly error: unknown };

/** What a reading sends, in order. Its calls are answered at once, also while a step is being stored. */
class Outcomes {
  readonly #port: MessagePort;
  readonly #calls: ReadCalls;
  readonly #received: Received[] = [];
  readonly #changed = new WakeSignal();
  #isOpen = true;

  constructor(port: MessagePort, calls: ReadCalls) {
    this.#port = port;
    this.#calls = calls;
    port.on('message', (message: FromReading) => void this.#take(message));
    port.on('close', () => {
      this.#isOpen = false;
      this.#changed.notify();
    });
  }

  /** Resolves to `undefined` where the thread has ended. */
  async next(): Promise<Received | undefined> {
    while (this.#received.length === 0 && this.#isOpen) await this.#changed.wait();
    return this.#received.shift();
  }

  wantMore(): void {
    this.#tell({ kind: 'more' });
  }

  async #take(message: FromReading): Promise<void> {
    if (message.kind === 'fault') this.#calls.onFault(message.fault);
    else if (message.kind === 'refused') this.#calls.onRefused?.(errorOf(message.error));
    else if (message.kind === 'known') await this.#lookUp(message.paths);
    else this.#add(message.kind === 'failed' ? { kind: 'failed', error: errorOf(message.error) } : message);
  }

  async #lookUp(paths: string[]): Promise<void> {
    try {
      this.#tell({ kind: 'known', files: await this.#calls.known(paths) });
    } catch (error) {
      this.#add({ kind: 'failed', error });
    }
  }

  #add(outcome: Received): void {
    this.#received.push(outcome);
    this.#changed.notify();
  }

  #tell(message: ToReading): void {
    this.#port.postMessage(message);
  }
}

const endedByItself = ({ reason, cause }: ThreadEnd): ReaderError =>
  new ReaderError(
    `The thread that reads the files ended by itself (${reason}). What it had read before is accepted; resume the back-fill to read the rest.`,
    { cause },
  );
