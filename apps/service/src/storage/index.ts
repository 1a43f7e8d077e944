/** Storage by its URL, for what measures and proves it from outside. */
export { openStorage } from './open-storage.ts';
export type { BatchOutcome, LeasedBatch, Storage } from './types.ts';
