import { type Activity, ScheduledJob, type ScheduledJobOptions } from '../clock/index.ts';
import type { Work } from './leadership.ts';

export interface LeaderJobOptions extends ScheduledJobOptions {
  readonly activity: Activity;
}

/** A scheduled job that runs for as long as this replica leads, first at once. */
export class LeaderJob {
  readonly #options: LeaderJobOptions;
  #job: ScheduledJob | undefined;
  #stop = new AbortController();

  constructor(options: LeaderJobOptions) {
    this.#options = options;
  }

  /** Begins to run, until the returned work is closed. */
  lead(): Work {
    const { activity, run, ...rest } = this.#options;
    const stop = new AbortController();
    const job = new ScheduledJob({ ...rest, run: () => activity.track(run) });
    this.#stop = stop;
    this.#job = job;
    void job.runNow();
    return {
      close: async () => {
        this.#job = undefined;
        stop.abort();
        await job.close();
      },
    };
  }

  get leads(): boolean {
    return this.#job !== undefined;
  }

  /** Aborted once this replica does not lead any more. */
  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  /** Runs now, or after the run in progress; at once on a follower, which runs nothing. */
  async runNow(): Promise<void> {
    await this.#job?.runNow();
  }
}
