const suffix = ':backfill';

/**
 * Name of the queue with a connection's back-filled events. It has its own counters, delivery and dead letters
 * under the same rules, so that the connection's own counts stay those of Currents. A connection's name has no
 * colon, so the two never collide.
 */
export const backfillQueue = (connection: string): string => `${connection}${suffix}`;

/** The connection of a queue, whether of back-filled events or not. */
export const connectionOfQueue = (queue: string): string =>
  queue.endsWith(suffix) ? queue.slice(0, -suffix.length) : queue;

/** The queue into which a job accepts events: collected ones are the connection's own. */
export const queueOf = ({ connection, standing }: { connection: string; standing: boolean }): string =>
  standing ? connection : backfillQueue(connection);
