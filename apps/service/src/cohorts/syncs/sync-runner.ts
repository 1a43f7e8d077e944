/**
 * Runs one sync, one run at a time: a trigger that comes during a run is answered by one more run after it.
 *
 * A run, in order: complete groups of pages become the waiting target; a target that was interrupted is finished; where the
 * query API is due, the cohort is read and becomes the waiting target; the waiting target is begun, stored, sent, finished. Every
 * step is stored before the next, so a run can end anywhere (a crash, a refusal, a spent budget) and the next takes up there.
 */

import { type Semaphore, SerialQueue } from '@braze-mixpanel/concurrency';
import { begin, difference, finish, type Snapshot, type SyncState } from '@braze-mixpanel/core/cohorts';
import type { CohortStore } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import type { Activity, Clock } from '../../clock/index.ts';
import { failed, traced } from '../../tracing/traced.ts';
import type { RetryPolicy } from '../../vendor-http/retry-delay.ts';
import { CohortError, type Problem, sentenceOf } from '../cohort-error.ts';
import { readableName } from '../cohort-name.ts';
import type { CohortConnection, SinkKind } from '../connection.ts';
import { Evidence, isAnswered, TargetProgress } from '../sinks/evidence.ts';
import { ReadBacks } from '../sinks/read-back.ts';
import { introduceCohort, sendChanges } from '../sinks/send-changes.ts';
import type { CohortName, Sink } from '../sinks/sink.ts';
import { completeUploads } from '../sources/complete-uploads.ts';
import type { ListedCohorts } from '../sources/listed-cohorts.ts';
import type { QueryBudget } from '../sources/query-budget.ts';
import type { QueryClient } from '../sources/query-client.ts';
import { readCohort } from '../sources/read-cohort.ts';
import { broughtBack } from './corrected-clock.ts';
import { Sample } from './read-back-state.ts';
import { RunStore } from './run-store.ts';
import type { StoredSync } from './stored-sync.ts';
import {
  afterRead,
  countedAt,
  isRight,
  newReport,
  problemAt,
  type RunReport,
  retryDelayMs,
  type SyncRecord,
  type Trigger,
  wakeAt,
} from './sync-record.ts';

export interface RunnerOptions {
  readonly sync: StoredSync;
  readonly connection: CohortConnection;
  readonly sinks: Readonly<Record<SinkKind, Sink>>;
  readonly client: QueryClient;
  readonly budget: QueryBudget;
  readonly listed: ListedCohorts;
  /** Shared with the other syncs of the connection. */
  readonly semaphore: Semaphore;
  readonly store: CohortStore;
  readonly clock: Clock;
  readonly activity: Activity;
  readonly policy: RetryPolicy;
  readonly random: () => number;
  readonly logger: Logger;
  readonly stop: AbortSignal;
}

/** Groups of changes that are settled between two writes of the cursor: what is sent again after a crash. */
const groupsPerSave = 16;
const cohortMayBeLost = new Set<string>(['braze_request_refused', 'braze_answer_contradicts']);

export class SyncRunner {
  readonly sync: StoredSync;
  readonly #options: RunnerOptions;
  /** Runs, read-backs and changes of the sync. */
  readonly #queue = new SerialQueue();
  #pending: Trigger | undefined;
  #running: Trigger | undefined;
  /** When the newest run began: a wait that it found may be over before it ends. */
  #ranAt: number;
  #timer: (() => void) | undefined;
  /** Ends the run in progress; each run has its own. */
  #halt = new AbortController();
  /** Of the run in progress. */
  #evidence = new Evidence();
  readonly #readBacks: ReadBacks;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.sync = options.sync;
    this.#readBacks = new ReadBacks({
      ...options,
      sink: () => this.sink,
      cohort: () => cohortName(this.sync.record),
      alone: work => this.exclusively(work),
      changed: () => this.schedule(),
    });
    this.#ranAt = options.clock.now() - 1;
  }

  get sink(): Sink {
    return this.#options.sinks[this.sync.record.sink];
  }

  /** What started the run that goes on now or waits for its turn, if one does. */
  get running(): Trigger | undefined {
    return this.#running ?? this.#pending;
  }

  /** What is wrong at this moment, if anything is. */
  get problem(): SyncRecord['problem'] {
    return problemAt(this.sync.record, this.#options.clock.now());
  }

  /** Of the run in progress: the service stops, or the run is to end. */
  get #stop(): AbortSignal {
    return AbortSignal.any([this.#options.stop, this.#halt.signal]);
  }

  /** The next moment at which the sync acts by itself. */
  get nextRunAt(): number | undefined {
    const { record } = this.sync;
    const wake = wakeAt(record, this.#options.connection.resendIntervalMs);
    // A moment that is past and was not made use of (the target is held, storage failed) comes again an interval later.
    return wake === undefined || wake > this.#ranAt ? wake : this.#ranAt + record.intervalMs;
  }

  /** Resolves when the run is over; one that waits its turn already is not doubled, and a `manual` one is not forgotten. */
  trigger(trigger: Trigger): Promise<void> {
    const waits = this.#pending !== undefined;
    if (!waits || trigger === 'manual') this.#pending = trigger;
    if (waits) return this.#queue.idle();
    return this.exclusively(async () => {
      const due = this.#pending;
      this.#pending = undefined;
      if (due === undefined || this.#options.stop.aborted) return;
      this.#running = due;
      this.#halt = new AbortController();
      try {
        await this.#options.semaphore.run(() => {
          this.#ranAt = this.#options.clock.now();
          return this.#run(due);
        });
      } finally {
        this.#running = undefined;
        this.schedule();
      }
    });
  }

  /** Ends the run in progress where it is, its waits and requests too; the next run goes on there. */
  halt(): void {
    this.#halt.abort();
  }

  /** Does `work` while no run goes on. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#options.activity.track(() => this.#queue.run(work));
  }

  /** Sets the alarm anew, after anything that changes when the sync is due. */
  schedule(): void {
    this.#timer?.();
    this.#timer = undefined;
    this.#readBacks.schedule();
    const at = this.nextRunAt;
    if (at === undefined || this.#options.stop.aborted) return;
    const trigger = this.sync.record.retryAt === undefined ? 'schedule' : 'retry';
    this.#timer = this.#options.clock.schedule(at, () => this.trigger(trigger));
  }

  /** After the clock was set back: what lies further away than it can be is brought back, and the alarm is set anew. */
  async bringBack(): Promise<void> {
    const { clock, logger } = this.#options;
    const now = clock.now();
    this.#ranAt = Math.min(this.#ranAt, now - 1);
    if (broughtBack(this.sync.record, now) !== this.sync.record)
      await this.sync
        .update(record => broughtBack(record, now))
        .catch(error =>
          logger.error({ err: error, sync: this.sync.record.id }, 'a schedule could not be stored'),
        );
    this.schedule();
  }

  /** Ends the alarm, and waits for the run in progress (`stop` makes that short). */
  async close(): Promise<void> {
    this.#timer?.();
    this.#readBacks.close();
    await this.#queue.idle();
  }

  #run(trigger: Trigger): Promise<void> {
    const { connection, cohort } = this.sync.record;
    return traced('cohort run', { attributes: { connection, cohort, trigger } }, async span => {
      const { outcome, problem } = await this.#runOnce(trigger);
      span.setAttribute('outcome', outcome);
      if (problem) failed(span, problem.code);
    });
  }

  async #runOnce(trigger: Trigger): Promise<RunReport> {
    const { clock, logger } = this.#options;
    const before = this.sync.record;
    const report = newReport(trigger, clock.now());
    this.#evidence = new Evidence();
    try {
      await this.#advance(trigger, report);
      await this.#options.budget.leave(before.id);
      const shortfall = this.#evidence.shortfall(report, this.sync.record.state);
      if (shortfall) throw new CohortError(shortfall);
      if (differ(before, this.sync.record) || report.requests > 0) await this.#conclude(report);
    } catch (error) {
      try {
        await this.#fail(report, error);
      } catch (cause) {
        logger.error({ err: cause, sync: before.id }, 'the state of a cohort sync could not be stored');
      }
    }
    return report;
  }

  async #advance(trigger: Trigger, report: RunReport): Promise<void> {
    const { store, client, listed, connection, clock } = this.#options;
    await completeUploads(this.sync, store, clock.now());
    const asked = trigger === 'manual' || trigger === 'confirm';
    if (this.sync.record.status !== 'active' && !asked) return;
    if (this.sync.record.state.applying) await this.#apply(report);
    if (await this.#readIsDue(trigger)) {
      const { match } = connection;
      const options = { client, listed, store, match, stop: this.#stop, now: () => clock.now() };
      await readCohort(this.sync, { ...options, waits: true, anew: trigger === 'manual' });
      const now = clock.now();
      await completeUploads(this.sync, store, now);
      await this.sync.update(record => afterRead(record, now));
    }
    await this.#apply(report);
  }

  async #readIsDue(trigger: Trigger): Promise<boolean> {
    const { clock, budget } = this.#options;
    const { id, source, due, reading } = this.sync.record;
    if (source !== 'query' || trigger === 'confirm') return false;
    // One that was asked for by hand and waits for a query is due as well.
    return trigger === 'manual' || reading !== undefined || due <= clock.now() || (await budget.waits(id));
  }

  /** Sends what there is to send, until nothing waits or what waits is held; what Braze did not accept before, once. */
  async #apply(report: RunReport): Promise<void> {
    const { clock, connection } = this.#options;
    for (let again = true; ; again = false) {
      const now = clock.now();
      const { state } = this.sync.record;
      const { sentInFullAt } = state;
      const resend = sentInFullAt === undefined || now - sentInFullAt >= connection.resendIntervalMs;
      const begun = begin(state, { now, resend, again });
      if (begun !== state) await this.sync.update(record => ({ ...record, state: begun }));
      if (begun.applying || begun.known) await this.#introduce();
      if (!begun.applying) return;
      await this.#send(report);
    }
  }

  async #introduce(): Promise<void> {
    const { record } = this.sync;
    const { name } = cohortName(record);
    if (record.nameInBraze === name) return;
    await introduceCohort(this.#sending(record));
    await this.sync.update(now => ({ ...now, nameInBraze: name }));
  }

  async #send(report: RunReport): Promise<void> {
    const { record } = this.sync;
    const { known, unknown } = record.state;
    const { target, cursor: after, resend } = record.state.applying!;
    report.fullSend ||= resend;
    const reached = new TargetProgress(record.state.applying!);
    const openBefore = new Set(unknown);
    const sample = this.sink.readBack && new Sample(record.readBack, this.#options.random);
    let unsaved = 0;
    const save = () =>
      this.sync.update(now => ({
        ...now,
        state: reached.onto(now.state),
        readBack: sample?.meanwhile(now.readBack),
      }));
    const changes = difference(this.#read(known), this.#read(target), { after, resend, unknown });
    try {
      await sendChanges(changes, {
        ...this.#sending(record),
        open: openBefore,
        settled: async group => {
          this.#evidence.take(group, report, openBefore, this.sink);
          reached.take(group);
          sample?.take(group);
          if (++unsaved % groupsPerSave === 0) await save();
        },
      });
    } catch (error) {
      await save();
      throw error;
    }
    await this.sync.update(now => {
      const state = finish(reached.onto(now.state));
      const once = now.mode === 'one-time' && now.status === 'active' && state.waiting === undefined;
      const done = once && this.#isEnough(report, state);
      const acceptedAt = this.#options.clock.now();
      const readBack = sample?.after(acceptedAt, now.readBack);
      return { ...now, state, status: done ? 'done' : now.status, acceptedAt, readBack };
    });
  }

  /** Whether a one-time sync is done: every member is accepted, or a few are refused. */
  #isEnough(report: RunReport, state: SyncState): boolean {
    return isAnswered(report, state) && this.#evidence.shortfall(report, state) === undefined;
  }

  #sending(record: SyncRecord) {
    const { policy, random, clock } = this.#options;
    const vendor = { sink: this.sink, cohort: cohortName(record) };
    return { ...vendor, policy, random, stop: this.#stop, now: () => clock.now() };
  }

  #read(snapshot: Snapshot<number> | undefined): AsyncIterable<Uint8Array> {
    const runs = new RunStore(this.#options.store);
    return snapshot ? runs.read({ kind: 'run', run: snapshot.run }) : nothing();
  }

  async #conclude(report: RunReport): Promise<void> {
    const held = this.sync.record.state.waiting?.held ?? false;
    const problem = held ? this.#shrinkage() : undefined;
    report.outcome = held ? 'held' : report.requests > 0 ? 'sent' : 'unchanged';
    await this.#record(report, problem, record => ({
      ...record,
      failures: 0,
      retryAt: this.#openSince(record),
      succeededAt: isRight(record) ? report.finishedAt : record.succeededAt,
    }));
    if (problem) this.#options.logger.warn({ sync: this.sync.record.id }, sentenceOf(problem));
  }

  /** A one-time sync with members that no answer speaks of tries them again; others do so with their next list. */
  #openSince({ mode, status, state, intervalMs }: SyncRecord): number | undefined {
    const open = mode === 'one-time' && status === 'active' && !state.applying && state.unknown.length > 0;
    return open ? this.#options.clock.now() + intervalMs : undefined;
  }

  async #fail(report: RunReport, error: unknown): Promise<void> {
    const { clock, logger } = this.#options;
    const { id } = this.sync.record;
    if (error instanceof CohortError && error.code === 'cohort_stopping') return;
    if (!(error instanceof CohortError)) logger.error({ err: error, sync: id }, 'a cohort sync failed');
    const problem: Problem =
      error instanceof CohortError
        ? { code: error.code, detail: error.detail }
        : { code: 'cohort_storage', detail: error instanceof Error ? error.message : String(error) };
    const spent = error instanceof CohortError && error.retryAt !== undefined;
    if (!spent) await this.#options.budget.leave(id);
    const repeated = this.sync.record.problem?.code === problem.code;
    report.outcome = spent ? 'waiting' : 'failed';
    await this.#record(report, problem, record => {
      const failures = spent ? record.failures : record.failures + 1;
      const delay = retryDelayMs(failures, record.intervalMs);
      const retryAt = error instanceof CohortError && error.retryAt ? error.retryAt : clock.now() + delay;
      // A cohort that Braze refuses or denies to know is introduced anew: it may have been lost there.
      const nameInBraze = cohortMayBeLost.has(problem.code) ? undefined : record.nameInBraze;
      return { ...record, failures, retryAt, nameInBraze };
    });
    if (!repeated) logger.warn({ sync: id, code: problem.code }, sentenceOf(problem));
  }

  async #record(
    report: RunReport,
    problem: Problem | undefined,
    change: (record: SyncRecord) => SyncRecord,
  ): Promise<void> {
    const { id } = this.sync.record;
    report.finishedAt = this.#options.clock.now();
    Object.assign(report, countedAt(this.sync.record));
    report.problem = problem;
    const kept = problem && { ...problem, at: report.finishedAt };
    await this.sync.update(record => ({ ...change(record), problem: kept }), {
      history: { sync: id, text: JSON.stringify(report) },
    });
  }

  #shrinkage(): Problem {
    const { known, waiting } = this.sync.record.state;
    const detail = `from ${known?.members ?? 0} members to ${waiting?.target.members ?? 0}`;
    return { code: 'shrinks_too_much', detail };
  }
}

/** Whether a run changed anything: that Mixpanel pushed once more, and nothing new, is no entry of the history. */
function differ(before: SyncRecord, after: SyncRecord): boolean {
  return (Object.keys(after) as (keyof SyncRecord)[]).some(
    key => key !== 'pushedAt' && key !== 'readAt' && before[key] !== after[key],
  );
}

/** The cohort as Braze is told about it; one whose name is not known yet goes by its id. */
export function cohortName({ cohort, name }: SyncRecord): CohortName {
  return { id: cohort, name: readableName(name) ?? `Mixpanel cohort ${cohort}` };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
