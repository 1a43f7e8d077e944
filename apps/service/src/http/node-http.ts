/**
 * `node:http`, without the client behind `fetch` and `WebSocket`, which a static import of that module loads
 * as well: a twentieth of the start.
 */
export const { createServer, STATUS_CODES } = process.getBuiltinModule('node:http');
