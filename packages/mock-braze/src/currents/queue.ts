import type { SimulationClock } from '@braze-mixpanel/simulator-kit';
import { Timer } from './timer.ts';

/** Encoded events that are sent together. */
export interface Batch {
  readonly items: readonly string[];
  /** Whether it is a single event after a 400; the next 400 drops it. */
  readonly alone: boolean;
  /** Time of the first failure, on the simulation clock. */
  failedSince?: number;
}

/** The queue of one event type, with its flush and retry timers. */
export class Queue {
  readonly eventType: string;
  /** Events not yet in a batch. */
  #pending: string[] = [];
  /** Batches to send again at the retry time. */
  waiting: Batch[] = [];
  /** Batches rejected with wrong credentials, kept until the Current recovers. */
  held: Batch[] = [];
  failures = 0;
  readonly flush: Timer;
  readonly retry: Timer;

  constructor(eventType: string, clock: Pick<SimulationClock, 'now' | 'schedule'>) {
    this.eventType = eventType;
    this.flush = new Timer(clock, `Currents flush of ${eventType}`);
    this.retry = new Timer(clock, `Currents retry of ${eventType}`);
  }

  add(item: string): void {
    this.#pending.push(item);
  }

  /** Removes full batches from the pending events; with `partial` the rest as well. */
  cut(size: number, partial: boolean): Batch[] {
    const { length } = this.#pending;
    const end = partial ? length : length - (length % size);
    const batches: Batch[] = [];
    for (let from = 0; from < end; from += size)
      batches.push({ items: this.#pending.slice(from, Math.min(from + size, end)), alone: false });
    this.#pending = this.#pending.slice(end);
    if (this.#pending.length === 0) this.flush.stop();
    return batches;
  }

  /** Stops the timers; the events are kept. */
  stop(): void {
    this.flush.stop();
    this.retry.stop();
  }

  /** Empties the queue. Returns the number of lost events. */
  discard(): number {
    const { pending, waiting, held } = this.depth();
    this.#pending = [];
    this.waiting = [];
    this.held = [];
    return pending + waiting + held;
  }

  /** The number of events by state, as the control API shows it. */
  depth() {
    return {
      eventType: this.eventType,
      pending: this.#pending.length,
      waiting: countItems(this.waiting),
      held: countItems(this.held),
      ...(this.retry.at !== undefined && { retryAt: new Date(this.retry.at).toISOString() }),
    };
  }
}

export function halves({ items }: Batch): Batch[] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)].map(half => ({ items: half, alone: false }));
}

function countItems(batches: readonly Batch[]): number {
  return batches.reduce((sum, batch) => sum + batch.items.length, 0);
}
