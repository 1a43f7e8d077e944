import type { SimulationClock } from '@braze-mixpanel/simulator-kit';

/** A timer on the simulation clock for at most one job. `advance` of the clock waits for the job. */
export class Timer {
  readonly #clock: Pick<SimulationClock, 'now' | 'schedule'>;
  readonly #name: string;
  #scheduled: { readonly at: number; readonly cancel: () => void } | undefined;

  constructor(clock: Pick<SimulationClock, 'now' | 'schedule'>, name: string) {
    this.#clock = clock;
    this.#name = name;
  }

  /** The due time, in milliseconds since 1970; `undefined` if no job is scheduled. */
  get at(): number | undefined {
    return this.#scheduled?.at;
  }

  /** Schedules the job unless one is already scheduled. Returns whether it did. */
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
