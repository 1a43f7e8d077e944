import { createServer, type RequestListener, type Server } from 'node:http';

export interface ServerBounds {
  /** Time for the head of a request, and for all of it, in milliseconds. */
  readonly headMs: number;
  readonly requestMs: number;
  /** How often connections are looked at for being too slow. */
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
 * An HTTP server on which nobody can hold much for long: a head that is too large is answered 431, a head or a body that comes too
 * slowly 408, and the connection is closed. What a body may have is the affair of who reads it.
 */
export function boundedServer(app: RequestListener, bounds: ServerBounds = serverBounds): Server {
  return createServer(
    {
      headersTimeout: bounds.headMs,
      requestTimeout: bounds.requestMs,
      connectionsCheckingInterval: bounds.checkMs,
      maxHeaderSize: bounds.headBytes,
      keepAliveTimeout: 65_000,
    },
    app,
  );
}
