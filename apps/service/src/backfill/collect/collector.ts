import type { Backfill } from '@braze-mixpanel/storage';
import { sentenceOf } from '../failure.ts';
import type { JobOptions } from '../job-options.ts';
import { type JobEnvironment, JobWork } from '../job-work.ts';
import { parseReport, shortMessage } from '../report.ts';
import { type Wait, WorkLoop } from '../work-loop.ts';
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
  readonly wait?: Wait;
}

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
  readonly #lookedAt = new Map<number, number>();
  readonly #loop: WorkLoop;
  #isIdle = false;

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#loop = new WorkLoop(() => this.#lookWhereDue(), options.wait);
  }

  /** A job was resumed. */
  wake(): void {
    this.#loop.wake();
  }

  close(): Promise<void> {
    return this.#loop.close();
  }

  async #lookWhereDue(): Promise<boolean> {
    const configured = this.#options.collected();
    const due = await this.#due(configured).catch(error => {
      this.#options.logger.warn({ err: error }, 'collected sources could not be read from storage; retrying');
      return [];
    });
    for (const job of due) await this.#look(job, configured.get(job.connection)!);
    return due.length > 0;
  }

  /** The jobs whose next look is due. */
  async #due(configured: ReadonlyMap<string, Collected>): Promise<Backfill[]> {
    const { now } = this.#options;
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

  async #look(job: Backfill, { mapping }: Collected): Promise<void> {
    const { logger, now } = this.#options;
    const { signal, wait } = this.#loop;
    const environment = { ...this.#options, signal, wait };
    const options = JSON.stringify({ wanted: {}, mapping } satisfies JobOptions);
    try {
      await using work = await JobWork.begin(environment, { ...job, options });
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
      const collect = { lookedAt: now(), problem: shortMessage(problem) };
      const report = { ...parseReport(job.report), collect };
      await backfills.advance({
        ...{ id, revision: job.revision, report: JSON.stringify(report), files: [], batches: [] },
      });
    } catch (error) {
      logger.warn({ err: error, backfill: id }, 'the problem of a collected source could not be stored');
    }
  }
}
