/** Durable storage of the service: open it by its URL, and use it through its ports. */
export type { AuditEntry, AuditLog } from './audit-types.ts';
export type * from './cohort-types.ts';
export { openStorage } from './open-storage.ts';
export type * from './ports.ts';
export { StorageError } from './ports.ts';
export type * from './replica-types.ts';
export { parseStorageUrl } from './storage-url.ts';
