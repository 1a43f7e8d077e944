import { setTimeout as pause } from 'node:timers/promises';
import { WakeSignal } from '@braze-mixpanel/concurrency';
import type { Backfill } from '@braze-mixpanel/storage';
import { sentenceOf } from '../failure.ts';
import type { JobOptions } from '../job-options.ts';
import { type JobEnvironment, JobWork } from '../job-work.ts';
import { parseReport } from '../report.ts';
import { collectNewFiles } from './collect-new-files.ts';

/** Where the files of a connection arrive. */
export interface Collected {
  /** Address of the files. */
  readonly source: string;
  /** Time between two looks for new files. */
  readonly intervalMs: number;
  /** JSON text of the connection's mapping options. */
  readonly mapping: string;
}

export interface CollectorOptions extends Omit<JobEnvironment, 'wait' | 'signal'> {
  /** The present configuration, by connection. */
  readonly collected: () => ReadonlyMap<string, Collected>;
  /** Waits of the collector; a test passes its own. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Interval of the checks for what is due. */
const lookMs = 1_000;

/**
 * Collects the files of connections whose Current goes to a bucket: looks for new files on a schedule, and
 * accepts their events into the connection's own queue, once, in order of arrival. Each connection and source
 * has a job without an end in storage, which an operator can list and pause. A look that fails is repeated
 * after the interval.
 *
 * One process collects at a time; a second one that does so nevertheless changes nothing.
 */
export class Collector {
  readonly #options: CollectorOptions;
  readonly #abort = new AbortController();
  readonly #wakeSignal = new WakeSignal();
  readonly #lookedAt = new Map<number, number>();
  readonly #loop: Promise<void>;
  #isIdle = false;

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#loop = this.#run();
  }

  /** A job was resumed. */
  wake(): void {
    this.#wakeSignal.notify();
  }

  async close(): Promise<void> {
    this.#abort.abort();
    this.#wakeSignal.notify();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      const due = await this.#due().catch(error => {
        this.#options.logger.warn(
          { err: error },
          'collected sources could not be read from storage; retrying',
        );
        return [];
      });
      for (const job of due) await this.#look(job);
      if (due.length === 0) await this.#wakeSignal.wait(lookMs);
    }
  }

  /** The jobs whose next look is due. */
  async #due(): Promise<Backfill[]> {
    const { collected, now } = this.#options;
    const configured = collected();
    // Storage is not asked each second by a service that collects nothing.
    if (configured.size === 0 && this.#isIdle) return [];
    const jobs = await this.#jobs(configured);
    this.#isIdle = jobs.length === 0;
    return jobs.filter(({ id, state, connection }) => {
      const lookedAt = this.#lookedAt.get(id) ?? Number.NEGATIVE_INFINITY;
      return state === 'running' && now() - lookedAt >= configured.get(connection)!.intervalMs;
    });
  }

  /** The jobs of the present configuration, made where they are missing; those of a former one are ended. */
  async #jobs(configured: ReadonlyMap<string, Collected>): Promise<Backfill[]> {
    const { backfills, now } = this.#options;
    const isConfigured = ({ connection, source }: Backfill) => configured.get(connection)?.source === source;
    const stored = await backfills.standing();
    const known = new Set(stored.filter(isConfigured).map(({ connection }) => connection));
    for (const { id } of stored.filter(job => !isConfigured(job)))
      await backfills.change({ id, from: ['running', 'paused'], to: 'cancelled', at: now() });
    const missing = [...configured].filter(([connection]) => !known.has(connection));
    for (const [connection, { source, mapping }] of missing)
      await backfills.create({
        ...{ connection, source, createdAt: now(), standing: true },
        options: JSON.stringify({ wanted: {}, mapping } satisfies JobOptions),
      });
    return missing.length === 0 ? stored.filter(isConfigured) : this.#jobs(configured);
  }

  async #look(job: Backfill): Promise<void> {
    const { logger, now, wait } = this.#options;
    const { mapping } = this.#options.collected().get(job.connection)!;
    const { signal } = this.#abort;
    const environment = {
      ...this.#options,
      signal,
      wait: (ms: number) =>
        (wait ?? ((ms, signal) => pause(ms, undefined, { signal, ref: false })))(ms, signal).catch(
          () => undefined,
        ),
    };
    const options = JSON.stringify({ wanted: {}, mapping } satisfies JobOptions);
    try {
      const work = await JobWork.begin(environment, { ...job, options });
      await collectNewFiles(work);
      this.#lookedAt.set(job.id, now());
    } catch (error) {
      if (signal.aborted) return;
      this.#lookedAt.set(job.id, now());
      logger.warn(
        { err: error, backfill: job.id, connection: job.connection },
        'new files could not be collected',
      );
      await this.#storeProblem(job.id, sentenceOf(error));
    }
  }

  async #storeProblem(id: number, problem: string): Promise<void> {
    const { backfills, logger, now } = this.#options;
    try {
      const job = await backfills.get(id);
      if (job === undefined) return;
      const report = { ...parseReport(job.report), collect: { lookedAt: now(), problem } };
      await backfills.advance({
        ...{ id, revision: job.revision, report: JSON.stringify(report), files: [], batches: [] },
      });
    } catch (error) {
      logger.warn({ err: error, backfill: id }, 'the problem of a collected source could not be stored');
    }
  }
}
