/** PostgreSQL servers and suites that need one, for tests. */

export * from '../conformance/harness.ts';
export { conserves } from './conserves.ts';
export * from './describe-needing.ts';
export * from './describe-postgres.ts';
export { postgresHarness } from './postgres-harness.ts';
export * from './postgres-server.ts';
export { sqliteHarness } from './sqlite-harness.ts';
export * from './tcp-proxy.ts';
