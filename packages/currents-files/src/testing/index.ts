/** Servers of buckets, for tests of other packages. */
export { s3 } from './dialects.ts';
export { ObjectServer } from './object-server.ts';
export { realServers } from './real-servers.ts';
