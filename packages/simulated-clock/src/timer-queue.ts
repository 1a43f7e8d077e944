/** The work of a timer. */
export type Job = () => void | Promise<void>;

/** A job with its time, in ms since 1970. */
export interface Timer {
  readonly at: number;
  readonly order: number;
  readonly name: string;
  readonly job: Job;
}

/**
 * Timers in order of their time, and of their entry where times are equal. The queue has no clock: its owner
 * asks what is due.
 */
export class TimerQueue {
  readonly #timers: Timer[] = [];
  #order = 0;

  /** Adds a timer; returns its cancellation, which has no effect on a timer that was taken. */
  add(at: number, job: Job, name = 'job'): () => void {
    const timer: Timer = { at, order: this.#order++, name, job };
    const later = this.#timers.findIndex(other => other.at > at);
    this.#timers.splice(later === -1 ? this.#timers.length : later, 0, timer);
    return () => this.#take(this.#timers.indexOf(timer));
  }

  /**
   * Takes the due timers out, one with each step. Timers that are added meanwhile stay for the next call, so
   * that a job which schedules itself for the present does not keep its caller busy for ever.
   */
  *takeDue(now: () => number): Generator<Timer> {
    const end = this.#order;
    for (;;) {
      const index = this.#timers.findIndex(({ order }) => order < end);
      const timer = this.#timers[index];
      if (timer === undefined || timer.at > now()) return;
      this.#take(index);
      yield timer;
    }
  }

  /** The timers in the order in which they are due. */
  list(): readonly { readonly at: number; readonly name: string }[] {
    return this.#timers;
  }

  get nextDue(): number | null {
    return this.#timers[0]?.at ?? null;
  }

  get nextName(): string | null {
    return this.#timers[0]?.name ?? null;
  }

  clear(): void {
    this.#timers.length = 0;
  }

  #take(index: number): void {
    if (index !== -1) this.#timers.splice(index, 1);
  }
}
