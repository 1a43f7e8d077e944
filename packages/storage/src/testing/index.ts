/** PostgreSQL servers and suites that need one, for tests. */

export * from '../conformance/harness.ts';
export { postgresHarness } from '../postgres/postgres-harness.ts';
export { sqliteHarness } from '../sqlite/sqlite-harness.ts';
export { conserves } from './conserves.ts';
export * from './describe-needing.ts';
export * from './describe-postgres.ts';
export * from './postgres-server.ts';
export * from './tcp-proxy.ts';
