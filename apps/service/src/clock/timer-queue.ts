export type Job = () => void | Promise<void>;

/** A timer queue without a clock: its owner runs the timers that are due. */
export class TimerQueue {
  readonly #entries = new Set<{ readonly at: number; readonly job: Job }>();

  /** Adds a timer; returns its cancellation. */
  add(at: number, job: Job): () => void {
    const entry = { at, job };
    this.#entries.add(entry);
    return () => {
      this.#entries.delete(entry);
    };
  }

  /**
   * Runs the timers due at `now`, earliest first; timers added meanwhile wait for the next call. Returns how
   * many were run.
   */
  runDue(now: number): number {
    const due = [...this.#entries].filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    for (const entry of due) if (this.#entries.delete(entry)) void entry.job();
    return due.length;
  }

  get nextDue(): number | null {
    let next: number | null = null;
    for (const { at } of this.#entries) if (next === null || at < next) next = at;
    return next;
  }
}
