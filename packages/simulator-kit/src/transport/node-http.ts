/**
 * `node:http`, without the client behind `fetch` and `WebSocket`, which a static import of that module loads
 * as well: a tenth of a simulator's start.
 */
export const { createServer } = process.getBuiltinModule('node:http');
