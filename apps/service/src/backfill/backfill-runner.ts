import { setTimeout as pause } from 'node:timers/promises';
import { WakeSignal } from '@braze-mixpanel/concurrency';
import { type FileSource, SourceError } from '@braze-mixpanel/currents-files';
import { type Backfill, type Journal, type Storage, StorageError } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import { backfillQueue } from './backfill-queue.ts';
import { DryRun } from './dry-run.ts';
import { parseJobOptions } from './job-options.ts';
import { readSteps, type Step } from './read-steps.ts';
import { type BackfillReport, parseReport } from './report.ts';
import { scopeOf } from './wanted.ts';

export interface BackfillRunnerOptions {
  readonly backfills: Storage['backfills'];
  readonly journal: Pick<Journal, 'counts'>;
  /** @throws SourceError for an address that is none */
  readonly openSource: (address: string) => Promise<FileSource>;
  /** The bodies of a connection without the fields that must never be stored; `undefined` where it is not configured. */
  readonly redactOf: (connection: string) => ((body: Uint8Array) => Uint8Array) | undefined;
  /** Called when a queue has new batches. */
  readonly wake: (queue: string) => void;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits of the runner; a test passes its own. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Pending events of a queue above which reading waits. */
const mostPending = 20_000;
/** Interval of the checks for jobs, and for space in the queue. */
const lookMs = 1_000;
const queueLookMs = 50;
/** Waits after an error that may pass, and how often in a row it may occur before the job fails. */
const firstRetryMs = 1_000;
const longestRetryMs = 60_000;
const mostFailures = 10;
/** Mixpanel imports events of the last five years. @see https://developer.mixpanel.com/reference/import-events */
const oldestMs = 5 * 365 * 86_400_000;

/**
 * Runs back-fills, one at a time in order of their creation. All state is in storage: a job continues where
 * its last step ended, in any process. One process runs them at a time; a second one that does so nevertheless
 * changes nothing, since its steps are not at the stored revision.
 *
 * Reading follows delivery: it waits while the queue has more than 20,000 events.
 */
export class BackfillRunner {
  readonly #options: BackfillRunnerOptions;
  readonly #wakeSignal = new WakeSignal();
  readonly #abort = new AbortController();
  readonly #loop: Promise<void>;

  constructor(options: BackfillRunnerOptions) {
    this.#options = options;
    this.#loop = this.#run();
  }

  /** A job was created or resumed. */
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
      const job = await this.#nextJob();
      if (job === undefined) await this.#wakeSignal.wait(lookMs);
      else await this.#runJob(job);
    }
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
    while (current?.state === 'running' && !this.#abort.signal.aborted) {
      const { revision } = current;
      try {
        await this.#advanceAll(current);
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        if (!mayPass(error, failures)) return this.#fail(current, error);
        logger.warn({ err: error, backfill: job.id }, 'a back-fill was interrupted; retrying');
        await this.#pause(Math.min(firstRetryMs * 2 ** Math.min(failures, 10), longestRetryMs));
      }
      current = await this.#options.backfills.get(job.id).catch(() => current);
      failures = current?.revision === revision ? failures + 1 : 0;
    }
  }

  /** Reads everything that is left. Ends early where the job was paused, or taken over by another process. */
  async #advanceAll(job: Backfill): Promise<void> {
    const { backfills, openSource, logger, now } = this.#options;
    const { wanted, mapping, dryRun: isDryRun } = parseJobOptions(job.options);
    const scope = scopeOf(wanted);
    this.#redactor(job.connection);
    const source = await openSource(job.source);
    const report = parseReport(job.report);
    let { total } = report;
    // Counted beside reading: a million files take minutes to list.
    if (total === null)
      void totalOf(source, this.#abort.signal)
        .then(counted => {
          total = counted;
        })
        .catch(() => undefined);
    const steps = readSteps({
      ...{ source, wanted, report, total: () => total, oldest: now() - oldestMs },
      onFault: fault => logger.warn({ backfill: job.id, ...fault }, 'a place in a file could not be read'),
      known: async paths => {
        const files = await backfills.files({ connection: job.connection, scope, paths });
        return new Map(files.map(file => [file.path, file]));
      },
    });
    const dryRun = isDryRun === undefined ? undefined : new DryRun(report, now);
    let { revision } = job;
    let last = report;
    for await (const step of steps) {
      if (dryRun === undefined) await this.#untilQueueHasSpace(job.connection);
      if (this.#abort.signal.aborted) return;
      const next = await (dryRun === undefined
        ? this.#accept({ ...job, revision }, step, scope, mapping)
        : this.#tryOut({ ...job, revision }, step, dryRun, mapping));
      if (next === undefined) return;
      revision = next;
      last = step.report;
    }
    if (dryRun !== undefined) await this.#store({ ...job, revision }, dryRun.reportWith(last));
    await backfills.change({ id: job.id, from: ['running'], to: 'done', at: now() });
  }

  /** Accepts the events of a step. Resolves to the new revision; to `undefined` where the job was changed. */
  async #accept(
    { id, connection, revision }: Backfill,
    { batches, files, report }: Step,
    scope: string,
    mapping: string,
  ): Promise<number | undefined> {
    const { backfills, wake, now } = this.#options;
    const queue = backfillQueue(connection);
    const redact = this.#redactor(connection);
    const next = await backfills.advance({
      ...{ id, revision, report: JSON.stringify(report) },
      files: files.map(file => ({ ...file, connection, scope })),
      batches: batches.map(({ events, body }) => ({
        ...{ connection: queue, receivedAt: now(), events, profile: mapping },
        body: redact(body),
      })),
    });
    if (next !== undefined && batches.length > 0) wake(queue);
    return next;
  }

  /** Counts the events of a step. Resolves as {@link #accept}. */
  async #tryOut(job: Backfill, step: Step, dryRun: DryRun, mapping: string): Promise<number | undefined> {
    const report = await dryRun.take(step, mapping, this.#redactor(job.connection));
    if (report !== undefined) return this.#store(job, report);
    const stored = await this.#options.backfills.get(job.id);
    return stored?.state === 'running' && stored.revision === job.revision ? job.revision : undefined;
  }

  #store({ id, revision }: Backfill, report: BackfillReport): Promise<number | undefined> {
    const step = { id, revision, report: JSON.stringify(report), files: [], batches: [] };
    return this.#options.backfills.advance(step);
  }

  #redactor(connection: string): (body: Uint8Array) => Uint8Array {
    const redact = this.#options.redactOf(connection);
    if (redact === undefined) throw new ConnectionGone(connection);
    return redact;
  }

  async #untilQueueHasSpace(connection: string): Promise<void> {
    while (!this.#abort.signal.aborted) {
      const counts = (await this.#options.journal.counts())[backfillQueue(connection)];
      if ((counts?.pending ?? 0) - (counts?.held ?? 0) <= mostPending) return;
      await this.#pause(queueLookMs);
    }
  }

  async #fail({ id }: Backfill, cause: unknown): Promise<void> {
    const { backfills, logger, now } = this.#options;
    logger.error({ err: cause, backfill: id }, 'a back-fill failed');
    await backfills
      .change({ id, from: ['running'], to: 'failed', at: now(), problem: sentenceOf(cause) })
      .catch(error => logger.error({ err: error, backfill: id }, 'the failure could not be stored'));
  }

  #pause(ms: number): Promise<void> {
    const { wait = (ms, signal) => pause(ms, undefined, { signal, ref: false }) } = this.#options;
    return wait(ms, this.#abort.signal).catch(() => undefined);
  }
}

async function totalOf(source: FileSource, signal: AbortSignal): Promise<{ files: number; bytes: number }> {
  const total = { files: 0, bytes: 0 };
  for await (const { size } of source.list()) {
    if (signal.aborted) break;
    total.files += 1;
    total.bytes += size;
  }
  return total;
}

/** The connection of a job is not configured, so its events could not be delivered. */
class ConnectionGone extends Error {
  constructor(connection: string) {
    super(`The connection ${connection} is not configured. Configure it, then resume the back-fill.`);
  }
}

/** Whether the cause may end without a change of the job; storage may be full or unreachable for long. */
function mayPass(error: unknown, failures: number): boolean {
  if (error instanceof SourceError) return error.code === 'unavailable' && failures < mostFailures;
  return error instanceof StorageError && error.code !== 'corrupt';
}

function sentenceOf(error: unknown): string {
  if ([SourceError, StorageError, ConnectionGone].some(known => error instanceof known))
    return (error as Error).message;
  return 'An error of this program ended the back-fill; the log of the service has it.';
}
