import type { Server } from 'node:http';

export interface EndWorkOptions {
  readonly readiness: { stop(): void };
  readonly server: Pick<Server, 'close' | 'closeIdleConnections' | 'closeAllConnections'>;
  readonly reload: { settled(): Promise<void> };
  /**
   * Cohort syncs, retention and deliveries: `close` starts nothing new, and resolves when the running work
   * has ended.
   */
  readonly work: readonly { close(): Promise<void> }[];
  /** Time for requests in flight to finish, in milliseconds. */
  readonly graceMs: number;
}

const idleLookMs = 50;

/**
 * Ends the work of the service, in this order: it is not ready, it accepts no new connection, a reload in
 * progress ends, then all work ends at once while requests in flight finish within the grace. Storage and
 * clock are still open: they are released after it.
 */
export async function endWork({ readiness, server, reload, work, graceMs }: EndWorkOptions): Promise<void> {
  readiness.stop();
  const closed = new Promise<void>(resolve => server.close(() => resolve()));
  // A connection becomes idle later if its last answer was still being sent.
  const closingIdle = setInterval(() => server.closeIdleConnections(), idleLookMs);
  const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
  try {
    await reload.settled();
    await Promise.all([closed, ...work.map(each => each.close())]);
  } finally {
    clearInterval(closingIdle);
    clearTimeout(cutOff);
  }
}
