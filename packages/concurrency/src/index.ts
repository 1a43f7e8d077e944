/**
 * Primitives for waiting and ordering in asynchronous code: semaphore, serial queue, token bucket and wake
 * signal. All state is in the objects; timers are used only where needed.
 *
 * @module
 */
export { Semaphore } from './semaphore.ts';
export { SerialQueue } from './serial-queue.ts';
export { TokenBucket } from './token-bucket.ts';
export { WakeSignal } from './wake-signal.ts';
