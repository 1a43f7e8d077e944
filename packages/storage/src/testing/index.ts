/**
 * Helpers for tests: storages on a temporary file and on a PostgreSQL server, suites that need a server, and a TCP proxy that can be cut.
 *
 * @module
 */

export { conserves } from './conserves.ts';
export * from './describe-needing.ts';
export * from './describe-postgres.ts';
export { crash, type StorageHarness } from './harness.ts';
export * from './own-postgres.ts';
export type { TestDatabase } from './postgres-database.ts';
export { postgresHarness } from './postgres-harness.ts';
export * from './postgres-programs.ts';
export * from './postgres-server.ts';
export * from './samples.ts';
export { sqliteHarness } from './sqlite-harness.ts';
export * from './tcp-proxy.ts';
