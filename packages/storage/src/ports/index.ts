export type * from './audit.ts';
export type * from './backfills.ts';
export type * from './cohorts.ts';
export type * from './dead-letters.ts';
export { StorageError } from './errors.ts';
export type * from './id-summaries.ts';
export type * from './journal.ts';
export type * from './replicas.ts';
export type * from './storage.ts';
