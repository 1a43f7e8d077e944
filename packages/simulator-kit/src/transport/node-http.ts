/**
 * `node:http`, without the client behind `fetch` and `WebSocket`, which a static import of that module loads
 * as well: a tenth of a simulator's start.
 */
export const { createServer, STATUS_CODES, maxHeaderSize } = process.getBuiltinModule('node:http');
