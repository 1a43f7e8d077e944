/**
 * Waiting and order among asynchronous work, without timers of their own where that is possible and without state outside of the
 * objects.
 *
 * @module
 */
export { Semaphore } from './semaphore.ts';
export { SerialQueue } from './serial-queue.ts';
export { TokenBucket } from './token-bucket.ts';
export { WakeSignal } from './wake-signal.ts';
