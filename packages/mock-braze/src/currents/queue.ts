/** Written events that travel together. */
export interface Batch {
  readonly items: readonly string[];
  /** Sent one by one after a 400: the next 400 is the last. */
  readonly alone: boolean;
  /** When it failed first, on the simulation clock. */
  failedSince?: number;
}

/** The queue of one event type. */
export interface Queue {
  readonly eventType: string;
  /** Not yet in a batch. */
  pending: string[];
  /** To be sent again at the retry time. */
  waiting: Batch[];
  /** Refused, and not to be sent again while the Current fails. */
  held: Batch[];
  failures: number;
  cancelFlush: (() => void) | undefined;
  retry: { readonly at: number; readonly cancel: () => void } | undefined;
}

export interface QueueDepth {
  readonly eventType: string;
  readonly pending: number;
  readonly waiting: number;
  readonly held: number;
  readonly retryAt?: string;
}

export function emptyQueue(eventType: string): Queue {
  return {
    eventType,
    pending: [],
    waiting: [],
    held: [],
    failures: 0,
    cancelFlush: undefined,
    retry: undefined,
  };
}

/** Takes full batches out of what is pending, and the rest as well when `partial`. */
export function cutBatches(queue: Queue, size: number, partial: boolean): Batch[] {
  const end = partial ? queue.pending.length : queue.pending.length - (queue.pending.length % size);
  const batches: Batch[] = [];
  for (let from = 0; from < end; from += size) {
    batches.push({ items: queue.pending.slice(from, Math.min(from + size, end)), alone: false });
  }
  queue.pending = queue.pending.slice(end);
  if (queue.pending.length === 0) stopFlush(queue);
  return batches;
}

export function halves(batch: Batch): Batch[] {
  const middle = Math.ceil(batch.items.length / 2);
  return [batch.items.slice(0, middle), batch.items.slice(middle)].map(items => ({ items, alone: false }));
}

export function stopFlush(queue: Queue): void {
  queue.cancelFlush?.();
  queue.cancelFlush = undefined;
}

export function stopRetry(queue: Queue): void {
  queue.retry?.cancel();
  queue.retry = undefined;
}

/** Empties the queue and tells how many events were lost by it. */
export function discard(queue: Queue): number {
  const { pending, waiting, held } = depthOf(queue);
  queue.pending = [];
  queue.waiting = [];
  queue.held = [];
  return pending + waiting + held;
}

export function depthOf(queue: Queue): QueueDepth {
  return {
    eventType: queue.eventType,
    pending: queue.pending.length,
    waiting: countItems(queue.waiting),
    held: countItems(queue.held),
    ...(queue.retry && { retryAt: new Date(queue.retry.at).toISOString() }),
  };
}

function countItems(batches: readonly Batch[]): number {
  return batches.reduce((sum, batch) => sum + batch.items.length, 0);
}
