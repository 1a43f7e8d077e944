import type { RequestListener, Server } from 'node:http';
import { createServer } from './node-http.ts';
import { answerProtocolErrors } from './protocol-errors.ts';

export interface ServerBounds {
  /** Time for the head of a request, and for all of it, in milliseconds. */
  readonly headMs: number;
  readonly requestMs: number;
  /** Interval between checks for slow connections, in milliseconds. */
  readonly checkMs: number;
  /** Bytes of a request's head; above it the answer is 431. */
  readonly headBytes: number;
}

/** Braze sends a head of some hundred bytes at once, and a batch of at most some megabytes. */
export const serverBounds: ServerBounds = {
  headMs: 20_000,
  requestMs: 60_000,
  checkMs: 5_000,
  headBytes: 16 * 1024,
};

/**
 * An HTTP server with bounds against slow and oversized requests: a head that is too large is answered 431, a
 * head or a body that arrives too slowly 408, and the connection is closed. Bodies are bounded where they are
 * read.
 */
export function boundedServer(app: RequestListener, bounds: ServerBounds = serverBounds): Server {
  const server = createServer(
    {
      headersTimeout: bounds.headMs,
      requestTimeout: bounds.requestMs,
      connectionsCheckingInterval: bounds.checkMs,
      maxHeaderSize: bounds.headBytes,
      keepAliveTimeout: 65_000,
    },
    app,
  );
  answerProtocolErrors(server);
  return server;
}
