/**
 * The algorithm of one run of a sync.
 *
 * In order: complete groups of pages become the waiting target; an interrupted target is finished; where a
 * read is due, the cohort is read through the query API and becomes the waiting target; the waiting target is
 * begun, stored, sent, finished. Every step is stored before the next, so a run can end anywhere (a crash, a
 * refusal, a spent budget) and the next one continues there.
 */
import { begin, difference, finish, type SyncState } from '@braze-mixpanel/core/cohorts';
import type { CohortStore } from '@braze-mixpanel/storage';
import type { Clock } from '../../clock/index.ts';
import type { RetryPolicy } from '../../vendor-http/retry-delay.ts';
import { CohortError } from '../cohort-error.ts';
import type { CohortConnection, SinkKind } from '../connection.ts';
import { RunNotes } from '../ledger/notes.ts';
import { writeLedger } from '../ledger/write-ledger.ts';
import { Evidence, isAnswered, TargetProgress } from '../sinks/evidence.ts';
import { introduceCohort, sendChanges } from '../sinks/send-changes.ts';
import type { Sink } from '../sinks/sink.ts';
import { completeUploads } from '../sources/complete-uploads.ts';
import type { ListedCohorts } from '../sources/listed-cohorts.ts';
import type { QueryBudget } from '../sources/query-budget.ts';
import type { QueryClient } from '../sources/query-client.ts';
import { readCohort } from '../sources/read-cohort.ts';
import { Sample } from './read-back-state.ts';
import { addedTo, RunCost, utcDay } from './run-cost.ts';
import { type RecorderOptions, RunRecorder } from './run-recorder.ts';
import { RunStore } from './run-store.ts';
import { afterRead, cohortName, type RunReport, type SyncRecord, type Trigger } from './sync-record.ts';

export interface RunOptions extends RecorderOptions {
  readonly connection: CohortConnection;
  readonly sinks: Readonly<Record<SinkKind, Sink>>;
  readonly client: QueryClient;
  readonly budget: QueryBudget;
  readonly listed: ListedCohorts;
  readonly store: CohortStore;
  readonly clock: Clock;
  readonly policy: RetryPolicy;
  readonly random: () => number;
  /** Ends the run where it is, with its waits and requests. */
  readonly stop: AbortSignal;
}

/**
 * Groups of changes between two writes of the cursor, and so the maximum that is sent again after a crash.
 */
const groupsPerSave = 16;

/** Runs a sync once. Failures are part of the report and of the stored sync. Never rejects. */
export async function runSync(trigger: Trigger, options: RunOptions): Promise<RunReport> {
  return new Run({ ...options, trigger }).perform();
}

class Run {
  readonly #options: RunOptions & { readonly trigger: Trigger };
  readonly #recorder: RunRecorder;
  readonly #evidence = new Evidence();
  readonly #notes = new RunNotes();
  readonly #cost: RunCost;

  constructor(options: RunOptions & { readonly trigger: Trigger }) {
    this.#options = options;
    const { sync, store, clock } = options;
    const { state: before } = sync.record;
    this.#recorder = new RunRecorder(options.trigger, options, () => {
      const { id, state: after, withoutId, acceptedAt } = sync.record;
      const isAssumed = acceptedAt === undefined;
      return writeLedger({
        ...{ sync: id, store, before, after, isAssumed, notes: this.#notes, withoutId, now: clock.now() },
      });
    });
    this.#cost = new RunCost(this.#recorder.report);
  }

  get #sink(): Sink {
    const { sinks, sync } = this.#options;
    return sinks[sync.record.sink];
  }

  async perform(): Promise<RunReport> {
    const { sync, budget, logger } = this.#options;
    const { report } = this.#recorder;
    sync.retain();
    try {
      await this.#advance();
      await budget.leave(sync.record.id);
      const shortfall = this.#evidence.shortfall(report, sync.record.state);
      if (shortfall) throw CohortError.of(shortfall);
      await this.#recorder.succeeded();
    } catch (error) {
      await this.#recorder.failed(error).catch((cause: unknown) => {
        logger.error({ err: cause, sync: sync.record.id }, 'the state of a cohort sync could not be stored');
      });
    } finally {
      await sync.release().catch((cause: unknown) => {
        logger.error({ err: cause, sync: sync.record.id }, 'a snapshot of a cohort could not be deleted');
      });
    }
    return report;
  }

  async #advance(): Promise<void> {
    const { trigger, sync, store, client, listed, connection, clock, stop } = this.#options;
    await completeUploads(sync, store, clock.now());
    const isManual = trigger === 'manual' || trigger === 'confirm';
    if (sync.record.status !== 'active' && !isManual) return;
    if (sync.record.state.applying) await this.#apply();
    if (await this.#readIsDue()) {
      const { match } = connection;
      const options = { client, listed, store, match, stop, now: () => clock.now() };
      await readCohort(sync, { ...options, waits: true, anew: trigger === 'manual' });
      const now = clock.now();
      await completeUploads(sync, store, now);
      await sync.update(record => afterRead(record, now));
    }
    await this.#apply();
  }

  async #readIsDue(): Promise<boolean> {
    const { trigger, clock, budget } = this.#options;
    const { id, source, due, reading } = this.#options.sync.record;
    if (source !== 'query' || trigger === 'confirm') return false;
    // A manual run that waits for a query is due as well.
    return trigger === 'manual' || reading !== undefined || due <= clock.now() || (await budget.waits(id));
  }

  /**
   * Sends until no target waits or the waiting one is held. Members that Braze did not accept before are sent
   * once more.
   */
  async #apply(): Promise<void> {
    const { sync, clock, connection } = this.#options;
    for (let again = true; ; again = false) {
      const now = clock.now();
      const { state } = sync.record;
      const { sentInFullAt } = state;
      const resend = sentInFullAt === undefined || now - sentInFullAt >= connection.resendIntervalMs;
      const begun = begin(state, { now, resend, again, safety: connection.safetyStop });
      if (begun !== state) await sync.update(record => ({ ...record, state: begun }));
      if (begun.applying || begun.known) await this.#introduce();
      if (!begun.applying) return;
      await this.#send();
    }
  }

  async #introduce(): Promise<void> {
    const { sync } = this.#options;
    const { record } = sync;
    const { name } = cohortName(record);
    if (record.nameInBraze === name) return;
    await introduceCohort(this.#sending(record));
    await sync.update(now => ({ ...now, nameInBraze: name }));
  }

  async #send(): Promise<void> {
    const { sync } = this.#options;
    const { report } = this.#recorder;
    const { record } = sync;
    const { known, unknown } = record.state;
    const { target, cursor: after, resend } = record.state.applying!;
    report.fullSend ||= resend;
    const reached = new TargetProgress(record.state.applying!);
    const openBefore = new Set(unknown);
    const sample = this.#sink.readBack && new Sample(record.readBack, this.#options.random);
    let unsaved = 0;
    const save = () =>
      this.#update(now => ({
        ...now,
        state: reached.onto(now.state),
        readBack: sample?.meanwhile(now.readBack),
      }));
    const runs = new RunStore(this.#options.store);
    const changes = difference(runs.readSnapshot(known), runs.readSnapshot(target), {
      after,
      resend,
      unknown,
    });
    try {
      await sendChanges(changes, {
        ...this.#sending(record),
        open: openBefore,
        settled: async group => {
          this.#evidence.add(group, report, openBefore, this.#sink);
          reached.add(group);
          this.#notes.add(group, this.#options.clock.now());
          sample?.add(group);
          if (++unsaved % groupsPerSave === 0) await save();
        },
        unanswered: group => {
          this.#evidence.addUnanswered(group, report);
          this.#notes.addUnanswered(group, this.#options.clock.now());
        },
      });
    } catch (error) {
      await save();
      throw error;
    }
    await this.#update(now => {
      const state = finish(reached.onto(now.state));
      const once = now.mode === 'one-time' && now.status === 'active' && state.waiting === undefined;
      const done = once && this.#isEnough(state);
      const acceptedAt = this.#options.clock.now();
      const readBack = sample?.after(acceptedAt, now.readBack);
      return { ...now, state, status: done ? 'done' : now.status, acceptedAt, readBack };
    });
  }

  /** Stores the changed record, with what Braze accepted since the last time. */
  async #update(change: (record: SyncRecord) => SyncRecord): Promise<void> {
    const { sync, clock } = this.#options;
    const { counts, stored } = this.#cost.next();
    const sent = { sync: sync.record.id, day: utcDay(clock.now()), ...counts };
    const isNone = counts.attributeUpdates + counts.assignments === 0;
    if (isNone) return sync.update(change);
    await sync.update(record => ({ ...change(record), cost: addedTo(record.cost, counts) }), { sent });
    stored();
  }

  /** Whether a one-time sync is done: every member is accepted, except for a few that are refused. */
  #isEnough(state: SyncState): boolean {
    const { report } = this.#recorder;
    return isAnswered(report, state) && this.#evidence.shortfall(report, state) === undefined;
  }

  #sending(record: SyncRecord) {
    const { policy, random, clock, stop } = this.#options;
    const vendor = { sink: this.#sink, cohort: cohortName(record) };
    return { ...vendor, policy, random, stop, now: () => clock.now() };
  }
}
