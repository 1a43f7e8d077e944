export type Job = () => void | Promise<void>;

/** A timer queue without a clock: its owner runs what is due. */
export class TimerQueue {
  readonly #entries = new Set<{ readonly at: number; readonly job: Job }>();

  /** Returns what takes the entry out again. */
  add(at: number, job: Job): () => void {
    const entry = { at, job };
    this.#entries.add(entry);
    return () => {
      this.#entries.delete(entry);
    };
  }

  /** Runs what is due at `now`, earliest first; what it enters meanwhile waits for the next call. Returns how many were run. */
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
