import type { SimulationClock } from '@braze-mixpanel/simulator-kit';
import { Timer } from './timer.ts';

/** Encoded events that are sent together. */
export interface Batch {
  readonly items: readonly string[];
  /** Time at which its first event was queued, on the simulation clock. */
  readonly queuedAt: number;
  /** Whether it is a single event after a 400; the next 400 drops it. */
  readonly alone?: true;
  /** Present if it was delayed on purpose: the time at which it is sent. */
  readonly late?: number;
  /** Time of the first failure, on the simulation clock. */
  failedSince?: number;
}

/** The queue of one event type, with its flush and retry timers. */
export class Queue {
  readonly eventType: string;
  /** Events not yet in a batch. Only the last group still grows. */
  #pending: { readonly queuedAt: number; items: string[] }[] = [];
  /** Batches to send again at the retry time. */
  waiting: Batch[] = [];
  /** Batches rejected with wrong credentials, kept until the Current recovers. */
  held: Batch[] = [];
  /** Late batches, the next one first. */
  #late: Batch[] = [];
  failures = 0;
  readonly flush: Timer;
  readonly retry: Timer;
  readonly release: Timer;

  constructor(eventType: string, clock: Pick<SimulationClock, 'now' | 'schedule'>) {
    this.eventType = eventType;
    this.flush = new Timer(clock, `Currents flush of ${eventType}`);
    this.retry = new Timer(clock, `Currents retry of ${eventType}`);
    this.release = new Timer(clock, `Currents late batch of ${eventType}`);
  }

  /** @param span milliseconds: events of two spans are in different batches */
  add(item: string, queuedAt: number, span = Number.POSITIVE_INFINITY): void {
    const last = this.#pending.at(-1);
    if (last && Math.floor(last.queuedAt / span) === Math.floor(queuedAt / span)) last.items.push(item);
    else this.#pending.push({ queuedAt, items: [item] });
  }

  /** Removes full batches from the pending events; with `partial` the rest as well. */
  cut(size: number, partial: boolean): Batch[] {
    const batches: Batch[] = [];
    for (const [index, { queuedAt, items }] of this.#pending.entries()) {
      const { length } = items;
      const end = partial ? length : length - (length % size);
      for (let from = 0; from < end; from += size)
        batches.push({ items: items.slice(from, Math.min(from + size, end)), queuedAt });
      this.#pending[index] = { queuedAt, items: items.slice(end) };
    }
    this.#pending = this.#pending.filter(({ items }) => items.length > 0);
    if (this.#pending.length === 0) this.flush.stop();
    return batches;
  }

  addLate(batch: Batch): void {
    this.#late = [...this.#late, batch].sort((a, b) => (a.late ?? 0) - (b.late ?? 0));
  }

  /** The time of the next late batch. */
  get nextLate(): number | undefined {
    return this.#late[0]?.late;
  }

  /** Removes the late batches whose time has come. */
  takeLate(now: number): Batch[] {
    const isDue = ({ late = 0 }: Batch) => late <= now;
    const due = this.#late.filter(isDue);
    this.#late = this.#late.filter(batch => !isDue(batch));
    return due;
  }

  /** Stops the timers; the events are kept. */
  stop(): void {
    this.flush.stop();
    this.retry.stop();
    this.release.stop();
  }

  /** Empties the queue. Returns the number of lost events. */
  discard(): number {
    const { pending, waiting, held } = this.depth();
    this.#pending = [];
    this.waiting = [];
    this.held = [];
    this.#late = [];
    return pending + waiting + held;
  }

  /** The number of events by state, as the control API shows it. Late ones are waiting. */
  depth() {
    const { eventType, waiting, held, retry } = this;
    return {
      eventType,
      pending: countItems(this.#pending),
      waiting: countItems(waiting) + countItems(this.#late),
      held: countItems(held),
      ...(retry.at !== undefined && { retryAt: new Date(retry.at).toISOString() }),
    };
  }
}

export function halves({ items, queuedAt }: Batch): Batch[] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)].map(half => ({ items: half, queuedAt }));
}

function countItems(batches: readonly Pick<Batch, 'items'>[]): number {
  return batches.reduce((sum, batch) => sum + batch.items.length, 0);
}
