/**
 * The record of one run: its report, the entry in the history, and the fields of the sync (failures in a row,
 * the next retry, the problem). A failed run is recorded like any other; one that ends because the service
 * stops is not.
 */
import type { SyncState } from '@braze-mixpanel/core/cohorts';
import type { Logger } from 'pino';
import type { Clock } from '../../clock/index.ts';
import { CohortError, hasCode, messageOf, type Problem } from '../cohort-error.ts';
import type { WrittenLedger } from '../ledger/write-ledger.ts';
import type { QueryBudget } from '../sources/query-budget.ts';
import { documentText } from './stored-documents.ts';
import type { StoredSync } from './stored-sync.ts';
import {
  countedAt,
  isRight,
  newReport,
  type RunReport,
  retryDelayMs,
  type SyncRecord,
  type Trigger,
} from './sync-record.ts';

export interface RecorderOptions {
  readonly sync: StoredSync;
  readonly clock: Pick<Clock, 'now'>;
  readonly budget: Pick<QueryBudget, 'leave'>;
  readonly logger: Logger;
}

/** Writes the ledger of the run; `undefined` without a list of Mixpanel. */
export type WriteLedger = () => Promise<WrittenLedger | undefined>;

/** Refusals after which the cohort may no longer exist in Braze: it is created again. */
const cohortMayBeLost = new Set<string>(['braze_request_refused', 'braze_answer_contradicts']);

export class RunRecorder {
  readonly report: RunReport;
  readonly #options: RecorderOptions;
  readonly #before: SyncRecord;
  readonly #writeLedger: WriteLedger;

  constructor(trigger: Trigger, options: RecorderOptions, writeLedger: WriteLedger) {
    this.#options = options;
    this.#writeLedger = writeLedger;
    this.#before = options.sync.record;
    this.report = newReport(trigger, options.clock.now());
  }

  /**
   * Records a run that sent all its changes, or whose target is held. One that sent nothing and changed nothing
   * leaves no entry.
   */
  async succeeded(): Promise<void> {
    const { sync, logger } = this.#options;
    const { report } = this;
    const isQuiet = report.requests === 0;
    if (isQuiet && !differ(this.#before, sync.record, ofPushes)) return;
    const { state } = sync.record;
    const problem = state.waiting?.held ? shrinkage(state) : undefined;
    report.outcome = problem ? 'held' : isQuiet ? 'unchanged' : 'sent';
    const hasEntry = await this.#record(
      problem,
      record => ({
        ...record,
        failures: 0,
        retryAt: this.#retryOfOpenMembers(record),
        succeededAt: isRight(record) ? report.finishedAt : record.succeededAt,
      }),
      isQuiet,
    );
    if (problem && hasEntry) logger.warn({ sync: sync.record.id }, messageOf(problem));
  }

  async failed(error: unknown): Promise<void> {
    const { sync, clock, budget, logger } = this.#options;
    const { id } = sync.record;
    if (hasCode(error, 'cohort_stopping')) return;
    if (!(error instanceof CohortError)) logger.error({ err: error, sync: id }, 'a cohort sync failed');
    const problem: Problem =
      error instanceof CohortError
        ? { code: error.code, detail: error.detail }
        : { code: 'cohort_storage', detail: error instanceof Error ? error.message : String(error) };
    const waitsUntil = error instanceof CohortError ? error.retryAt : undefined;
    const repeated = sync.record.problem?.code === problem.code;
    this.report.outcome = waitsUntil === undefined ? 'failed' : 'waiting';
    await this.#record(problem, record => {
      const failures = record.failures + (waitsUntil === undefined ? 1 : 0);
      const retryAt = waitsUntil || clock.now() + retryDelayMs(failures, record.intervalMs);
      const nameInBraze = cohortMayBeLost.has(problem.code) ? undefined : record.nameInBraze;
      return { ...record, failures, retryAt, nameInBraze };
    });
    if (!repeated) logger.warn({ sync: id, code: problem.code }, messageOf(problem));
    // Last: an unreadable budget may be the problem.
    if (waitsUntil === undefined) await budget.leave(id);
  }

  /**
   * A one-time sync sends members without an answer again after an interval; a dynamic one does so with its
   * next list.
   */
  #retryOfOpenMembers({ mode, status, state, intervalMs }: SyncRecord): number | undefined {
    const open = mode === 'one-time' && status === 'active' && !state.applying && state.unknown.length > 0;
    return open ? this.#options.clock.now() + intervalMs : undefined;
  }

  /**
   * Stores the change of the sync with an entry, and with the ledger if that lists anything new: a run that changes
   * nothing pushes out no other. Resolves to whether there is an entry: a quiet run has none if it changed nothing.
   */
  async #record(
    problem: Problem | undefined,
    change: (record: SyncRecord) => SyncRecord,
    isQuiet = false,
  ): Promise<boolean> {
    const { sync, clock } = this.#options;
    const { report } = this;
    report.finishedAt = clock.now();
    Object.assign(report, countedAt(sync.record));
    report.problem = problem;
    const ledger = await this.#ledger();
    report.states = ledger?.states;
    const { id: syncId, problem: former } = sync.record;
    const isChanged = ledger?.isChanged ?? true;
    if (!isChanged) report.keepsLedger = true;
    const isSameProblem = problem?.code === former?.code && problem?.detail === former?.detail;
    const hasEntry = !isQuiet || isChanged || !isSameProblem || differ(this.#before, sync.record, ofLists);
    const kept = hasEntry ? problem && { ...problem, at: report.finishedAt } : former;
    const text = documentText(report);
    await sync.update(record => ({ ...change(record), problem: kept }), {
      ...(hasEntry && { history: { sync: syncId, text, ...(isChanged && ledger && { ledger: ledger.id }) } }),
      ...(!isChanged && { dropOpenLedgers: syncId }),
    });
    return hasEntry;
  }

  /** The counts of the run are recorded without a ledger where storage refuses it: a full disk, most likely. */
  async #ledger() {
    const { sync, logger } = this.#options;
    try {
      return await this.#writeLedger();
    } catch (error) {
      logger.error({ err: error, sync: sync.record.id }, 'the ledger of a cohort run could not be stored');
      return undefined;
    }
  }
}

function shrinkage({ known, waiting }: SyncState): Problem {
  const detail = `from ${known?.members ?? 0} members to ${waiting?.target.members ?? 0}`;
  return { code: 'shrinks_too_much', detail };
}

type Fields = readonly (keyof SyncRecord)[];

/** What another push without members changes. */
const ofPushes: Fields = ['pushedAt', 'readAt'];

/** What another list of the same members changes as well: its ledger has whether its members changed. */
const ofLists: Fields = [...ofPushes, 'due', 'reading', 'fullList', 'acceptedAt', 'readBack', 'state'];

/** Whether two records differ in other fields than these. */
function differ(before: SyncRecord, after: SyncRecord, apartFrom: Fields): boolean {
  return (Object.keys(after) as (keyof SyncRecord)[]).some(
    key => !apartFrom.includes(key) && before[key] !== after[key],
  );
}
