export { Semaphore } from './semaphore.ts';
export { TokenBucket } from './token-bucket.ts';
export { WakeSignal } from './wake-signal.ts';
