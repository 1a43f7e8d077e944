import type { SimulationClock } from '@braze-mixpanel/simulator-kit';

/** A job on the simulation clock, at most one at a time. `advance` of the clock waits for it. */
export class Timer {
  readonly #clock: Pick<SimulationClock, 'now' | 'schedule'>;
  readonly #name: string;
  #scheduled: { readonly at: number; readonly cancel: () => void } | undefined;

  constructor(clock: Pick<SimulationClock, 'now' | 'schedule'>, name: string) {
    this.#clock = clock;
    this.#name = name;
  }

  /** When the job runs, in milliseconds since 1970; `undefined` when none is scheduled. */
  get at(): number | undefined {
    return this.#scheduled?.at;
  }

  /** Schedules the job unless one is scheduled already. Whether it did. */
  start(delay: number, job: () => void | Promise<void>): boolean {
    if (this.#scheduled) return false;
    const at = this.#clock.now() + delay;
    const run = () => {
      this.#scheduled = undefined;
      return job();
    };
    this.#scheduled = { at, cancel: this.#clock.schedule(at, run, this.#name) };
    return true;
  }

  stop(): void {
    this.#scheduled?.cancel();
    this.#scheduled = undefined;
  }
}
