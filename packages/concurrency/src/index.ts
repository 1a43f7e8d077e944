/**
 * Primitives for waiting and ordering in asynchronous code: semaphore, serial queue, token bucket and wake
 * signal. All state is in the objects; timers are used only where needed. Besides, the start and the end of a
 * worker thread, and the bytes that are transferred between threads.
 *
 * @module
 */
export { Semaphore } from './semaphore.ts';
export { SerialQueue } from './serial-queue.ts';
export { TokenBucket } from './token-bucket.ts';
export { fillsItsMemory, transferable } from './transferable.ts';
export { WakeSignal } from './wake-signal.ts';
export { startWorker, type ThreadEnd, threadEnd, type WorkerThreadOptions } from './worker-thread.ts';
