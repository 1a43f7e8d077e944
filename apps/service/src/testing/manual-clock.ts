import { type Clock, type EpochMs, epochMs, later } from '../clock/index.ts';

/**
 * A clock that advances only when a test does so; an advance resolves when everything it caused has ended.
 */
export class ManualClock implements Clock {
  #now: EpochMs;
  readonly #listeners = new Set<() => void | Promise<void>>();
  readonly #jobs = new Set<{ at: number; job: () => void | Promise<void> }>();

  constructor(start = Date.parse('2026-03-01T00:00:00Z')) {
    this.#now = epochMs(start);
  }

  now(): EpochMs {
    return this.#now;
  }

  schedule(at: number, job: () => void | Promise<void>): () => void {
    const entry = { at, job };
    this.#jobs.add(entry);
    return () => this.#jobs.delete(entry);
  }

  onSetBack(job: () => void | Promise<void>): () => void {
    this.#listeners.add(job);
    return () => this.#listeners.delete(job);
  }

  /** Sets the clock back, and waits for the work that this causes. */
  async setBack(milliseconds: number): Promise<void> {
    this.#now = later(this.#now, -milliseconds);
    for (const job of this.#listeners) await job();
  }

  /** Changes the time as work does that takes time; nothing that is due is run. */
  shift(milliseconds: number): void {
    this.#now = later(this.#now, milliseconds);
  }

  async advance(milliseconds: number): Promise<void> {
    const end = later(this.#now, milliseconds);
    for (;;) {
      const due = [...this.#jobs].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#jobs.delete(due);
      this.#now = epochMs(Math.max(this.#now, due.at));
      await due.job();
    }
    if (end > this.#now) this.#now = end;
  }
}
