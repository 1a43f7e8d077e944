/**
 * Servers of buckets for tests: one of our own, and those that others wrote.
 *
 * @module
 */
export { s3 } from './dialects.ts';
export { ObjectServer } from './object-server.ts';
export { realServers } from './real-servers.ts';
