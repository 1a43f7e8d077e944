import type { FileSource } from '@braze-mixpanel/currents-files';
import type {
  Backfill,
  BackfillStep,
  Journal,
  MappingHistory,
  NewBatch,
  Storage,
  StoredMapping,
} from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import type { ForgottenUsers } from '../events/delivery/forgotten-users.ts';
import type { ExportedEvent } from '../reconcile/raw-export.ts';
import { BackfillError } from './backfill-error.ts';
import type { BatchText } from './batch-texts.ts';
import { type JobOptions, parseJobOptions } from './job-options.ts';
import type { MappingPeriods } from './mapping/mapping-in-force.ts';
import type { KnownFile, ReadCalls, ReadRequest, Step, StepReader } from './reading/step-reader.ts';
import { type BackfillReport, type Fault, parseReport } from './report.ts';

/** Pending events of a queue above which reading waits. */
const mostPending = 20_000;
const queueLookMs = 50;

/** What work on a job needs. */
export interface JobEnvironment {
  readonly backfills: Storage['backfills'];
  readonly mappingHistory: Pick<MappingHistory, 'list'>;
  readonly journal: Pick<Journal, 'counts' | 'dayCounts'>;
  /** Mixpanel's raw export. @throws CompareError */
  readonly readExport: (
    connection: string,
    request: { from: string; to: string; names: readonly string[] },
    take: (event: ExportedEvent) => void,
  ) => Promise<void>;
  /** @throws SourceError for an address that is none */
  readonly openSource: (address: string) => Promise<FileSource>;
  /** Reads the files of a source for one job. */
  readonly startReader: (source: FileSource) => StepReader;
  /** The bodies of a connection without the fields that must never be stored; `undefined` where it is not configured. */
  readonly redactOf: (connection: string) => ((body: Uint8Array) => Uint8Array) | undefined;
  /** Users whose events would be skipped. */
  readonly forgotten: Pick<ForgottenUsers, 'refresh' | 'has' | 'without'>;
  /** Called when batches were added to a queue. */
  readonly onAccepted: (queue: string, batches: number) => void;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves earlier when the process closes. */
  readonly wait: (ms: number) => Promise<void>;
  /** Aborted when the process closes. */
  readonly signal: AbortSignal;
}

/** Mixpanel imports events of the last five years. @see https://developer.mixpanel.com/reference/import-events */
const oldestMs = 5 * 365 * 86_400_000;

/**
 * A job while this process works on it: what it reads, and the writes that take it forward. Nothing is written
 * once the job was paused, cancelled or continued by another process. Reading ends with it.
 */
export class JobWork implements AsyncDisposable {
  readonly job: Backfill;
  readonly options: JobOptions;
  readonly source: FileSource;
  /** As stored when this process took the job up. */
  readonly report: BackfillReport;
  readonly environment: JobEnvironment;
  readonly #mapping: MappingPeriods;
  readonly #reader: StepReader;
  #revision: number;

  private constructor(
    environment: JobEnvironment,
    job: Backfill,
    source: FileSource,
    history: readonly StoredMapping[],
  ) {
    this.environment = environment;
    this.job = job;
    this.options = parseJobOptions(job.options);
    const { mapping: present, mappingBefore: before = 'oldest' } = this.options;
    this.#mapping = { history, present, before };
    this.source = source;
    this.#reader = environment.startReader(source);
    this.report = parseReport(job.report);
    this.#revision = job.revision;
  }

  /** @throws SourceError, or BackfillError if the connection is not configured */
  static async begin(environment: JobEnvironment, job: Backfill): Promise<JobWork> {
    if (environment.redactOf(job.connection) === undefined) throw connectionGone(job.connection);
    const history = await environment.mappingHistory.list(job.connection);
    return new JobWork(environment, job, await environment.openSource(job.source), history);
  }

  /** The files of this scope that were begun or read, by address. */
  async known(scope: string, paths: string[]): Promise<ReadonlyMap<string, KnownFile>> {
    const { connection } = this.job;
    const files = await this.environment.backfills.files({ connection, scope, paths });
    return new Map(files.map(file => [file.path, file]));
  }

  /** The steps from where the report ends. Files of this scope that were read before are left out. */
  read(
    scope: string,
    {
      onFault = fault => this.#logFault(fault),
      onRefused,
      ...request
    }: Pick<ReadRequest, 'wanted' | 'report' | 'collected'> &
      Partial<Pick<ReadCalls, 'onFault' | 'onRefused'>>,
  ): AsyncGenerator<Step> {
    const oldest = this.environment.now() - oldestMs;
    return this.#reader.read(
      { ...request, mapping: this.#mapping, oldest },
      { known: paths => this.known(scope, paths), onFault, onRefused },
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#reader.close();
  }

  #logFault(fault: Fault): void {
    this.environment.logger.warn({ backfill: this.job.id, ...fault }, 'a place in a file could not be read');
  }

  /**
   * Resolves when a queue has at most 20,000 pending events: reading follows delivery. `false` where the job was
   * changed meanwhile.
   */
  async untilQueueHasSpace(queue: string): Promise<boolean> {
    const { journal, wait } = this.environment;
    for (;;) {
      const counts = (await journal.counts())[queue];
      if ((counts?.pending ?? 0) - (counts?.held ?? 0) <= mostPending) return true;
      if (!(await this.isCurrent())) return false;
      await wait(queueLookMs);
    }
  }

  /** A batch of a queue, as it is accepted now. @throws BackfillError */
  batch(queue: string, { events, body, profile }: BatchText): NewBatch {
    return {
      connection: queue,
      receivedAt: this.environment.now(),
      events,
      profile,
      body: this.redact(body),
    };
  }

  /** A body without the fields that must never be stored. @throws BackfillError */
  redact(body: Uint8Array): Uint8Array {
    const redact = this.environment.redactOf(this.job.connection);
    if (redact === undefined) throw connectionGone(this.job.connection);
    return redact(body);
  }

  /**
   * A body as it would be delivered: without the fields that must never be stored, and without the events of forgotten
   * users, with the number of those. @throws BackfillError
   */
  deliverable(body: Uint8Array): { readonly body: Uint8Array; readonly removed: number } {
    return this.environment.forgotten.without(this.redact(body));
  }

  /** Writes one step; `false` where nothing was written, since the job is not this process's any more. */
  async write({
    report,
    files = [],
    batches = [],
  }: { report: BackfillReport } & Partial<Pick<BackfillStep, 'files' | 'batches'>>): Promise<boolean> {
    if (this.environment.signal.aborted) return false;
    const { id } = this.job;
    const step = { id, revision: this.#revision, report: JSON.stringify(report), files, batches };
    const revision = await this.environment.backfills.advance(step);
    if (revision === undefined) return false;
    this.#revision = revision;
    return true;
  }

  /** Whether {@link write} would write. */
  async isCurrent(): Promise<boolean> {
    if (this.environment.signal.aborted) return false;
    const stored = await this.environment.backfills.get(this.job.id);
    return stored?.state === 'running' && stored.revision === this.#revision;
  }
}

/** The connection of a job is not configured, so its events could not be delivered. */
const connectionGone = (connection: string): BackfillError =>
  new BackfillError(
    `The connection ${connection} is not configured. Configure it, then resume the back-fill.`,
  );
