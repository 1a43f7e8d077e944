import type { Backfill } from '@braze-mixpanel/storage';
import { acceptEvents } from './accept-events.ts';
import { dryRun } from './dry-run.ts';
import { mayPass, sentenceOf } from './failure.ts';
import { repairGaps } from './gaps/repair-gaps.ts';
import type { JobOptions } from './job-options.ts';
import { type JobEnvironment, JobWork } from './job-work.ts';
import { type Wait, WorkLoop } from './work-loop.ts';

export interface BackfillRunnerOptions extends Omit<JobEnvironment, 'wait' | 'signal'> {
  /** Waits of the runner; a test passes its own. */
  readonly wait?: Wait;
}

/** Waits after an error that may pass. */
const firstRetryMs = 1_000;
const longestRetryMs = 60_000;

/**
 * Runs back-fills, one at a time in order of their creation. All state is in storage: a job continues where
 * its last step ended, in any process. One process runs them at a time; a second one that does so nevertheless
 * changes nothing, since its steps are not at the stored revision.
 */
export class BackfillRunner {
  readonly #options: BackfillRunnerOptions;
  readonly #loop: WorkLoop;

  constructor(options: BackfillRunnerOptions) {
    this.#options = options;
    this.#loop = new WorkLoop(() => this.#runNext(), options.wait);
  }

  /** A job was created or resumed. */
  wake(): void {
    this.#loop.wake();
  }

  close(): Promise<void> {
    return this.#loop.close();
  }

  async #runNext(): Promise<boolean> {
    const job = await this.#nextJob();
    if (job !== undefined) await this.#runJob(job);
    return job !== undefined;
  }

  async #nextJob(): Promise<Backfill | undefined> {
    const { backfills, logger } = this.#options;
    try {
      return await backfills.nextRunning();
    } catch (error) {
      logger.warn({ err: error }, 'back-fills could not be read from storage; retrying');
      return undefined;
    }
  }

  /** Runs a job until it ends, is paused, or this process is closing. */
  async #runJob(job: Backfill): Promise<void> {
    const { logger } = this.#options;
    let current: Backfill | undefined = job;
    let failures = 0;
    while (current?.state === 'running' && !this.#loop.signal.aborted) {
      const { revision } = current;
      try {
        await this.#advance(current);
      } catch (error) {
        if (this.#loop.signal.aborted) return;
        if (!mayPass(error, failures)) return this.#fail(current, error);
        logger.warn({ err: error, backfill: job.id }, 'a back-fill was interrupted; retrying');
        await this.#loop.wait(Math.min(firstRetryMs * 2 ** Math.min(failures, 10), longestRetryMs));
      }
      current = await this.#options.backfills.get(job.id).catch(() => current);
      failures = current?.revision === revision ? failures + 1 : 0;
    }
  }

  /** Does everything that is left. Ends early where the job was paused, or taken over by another process. */
  async #advance(job: Backfill): Promise<void> {
    const { backfills, now } = this.#options;
    const { signal, wait } = this.#loop;
    const environment = { ...this.#options, signal, wait };
    await using work = await JobWork.begin(environment, job);
    const isDone = await workOf(work.options)(work);
    if (isDone) await backfills.change({ id: job.id, from: ['running'], to: 'done', at: now() });
  }

  async #fail({ id }: Backfill, cause: unknown): Promise<void> {
    const { backfills, logger, now } = this.#options;
    logger.error({ err: cause, backfill: id }, 'a back-fill failed');
    await backfills
      .change({ id, from: ['running'], to: 'failed', at: now(), problem: sentenceOf(cause) })
      .catch(error => logger.error({ err: error, backfill: id }, 'the failure could not be stored'));
  }
}

function workOf({ dryRun: isDryRun, gaps }: JobOptions): (work: JobWork) => Promise<boolean> {
  if (gaps !== undefined) return repairGaps;
  return isDryRun === undefined ? acceptEvents : dryRun;
}
