/**
 * The read-back of accepted changes of one sync from Braze, at its time and while no run is active. It sends
 * nothing: changes that Braze turns out not to have become unknown, and the next run, which is then due soon,
 * sends them again. If they are most of a sample, they are a probe: once Braze has them, the whole list is
 * sent.
 */
import { markUnknown } from '@braze-mixpanel/core/cohorts';
import type { CohortStore } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import type { Clock } from '../../clock/index.ts';
import { messageOf } from '../cohort-error.ts';
import { readBackParts } from '../ledger/read-back-parts.ts';
import { afterReadBack, type ReadBackState, readBackAfterMs } from '../syncs/read-back-state.ts';
import { documentText } from '../syncs/stored-documents.ts';
import type { StoredSync } from '../syncs/stored-sync.ts';
import { countedAt, isRight, newReport, retryDelayMs, type SyncRecord } from '../syncs/sync-record.ts';
import type { CohortName, ReadBackAnswer, Sink } from './sink.ts';

export interface ReadBackOptions {
  readonly sync: StoredSync;
  readonly store: CohortStore;
  readonly sink: () => Sink;
  readonly cohort: () => CohortName;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stop: AbortSignal;
  /** Runs work while no run is active. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
  /** Called when the record changed: the sync may be due earlier. */
  readonly changed: () => void;
}

export class ReadBacks {
  readonly #options: ReadBackOptions;
  #timer: (() => void) | undefined;
  /**
   * Earliest time after an attempt whose result could not be stored: its time is past, and must not come
   * again at once.
   */
  #notBefore = 0;

  constructor(options: ReadBackOptions) {
    this.#options = options;
  }

  /** Sets the timer again. */
  schedule(): void {
    const { sync, clock, stop, alone, cohort } = this.#options;
    this.close();
    const { readBack, status } = sync.record;
    if (readBack?.due === undefined || readBack.sample.length === 0) return;
    if (status === 'paused' || stop.aborted) return;
    // After a clock that was ahead is set back, the time may be further ahead than any schedule.
    const at = Math.min(Math.max(readBack.due, this.#notBefore), clock.now() + readBackAfterMs);
    this.#timer = clock.schedule(at, () => alone(() => this.#readBack()), `read-back of ${cohort().name}`);
  }

  close(): void {
    this.#timer?.();
    this.#timer = undefined;
  }

  async #readBack(): Promise<void> {
    const { sync, sink, cohort, clock, stop, changed, logger } = this.#options;
    const { readBack: state, state: target, status, id } = sync.record;
    const { readBack } = sink();
    const now = clock.now();
    if (state?.due === undefined || state.sample.length === 0) return;
    // A later sample took the place of the one that the timer was for.
    if (isEarly(state.due, now)) return this.schedule();
    if (status === 'paused' || stop.aborted) return;
    try {
      if (target.applying)
        // Unknown changes are replaced when the target ends: none can be added now.
        await sync.update(record => ({ ...record, readBack: { ...state, due: now + readBackAfterMs } }));
      else if (readBack) {
        const answer = await readBack(cohort(), state.sample, stop);
        if (!stop.aborted) await this.#keep(state, answer);
      }
    } catch (error) {
      this.#notBefore = now + readBackAfterMs;
      logger.error({ err: error, sync: id }, 'the read-back from Braze could not be stored');
    }
    changed();
  }

  async #keep(before: ReadBackState, answer: ReadBackAnswer): Promise<void> {
    const { sync, store, clock, logger } = this.#options;
    const now = clock.now();
    const readBack = afterReadBack(before, answer, now);
    const contradicted = answer.kind === 'read' ? answer.contradicted : [];
    const change = (record: SyncRecord): SyncRecord => {
      if (contradicted.length === 0) return readAgain({ ...record, readBack }, before, now);
      const retryAt = now + retryDelayMs(readBack.contradictions, record.intervalMs);
      return {
        ...record,
        readBack,
        state: markUnknown(record.state, contradicted),
        retryAt: Math.min(record.retryAt ?? retryAt, retryAt),
        // Its members are not in Braze: a one-time sync is not done.
        status: record.status === 'done' ? 'active' : record.status,
      };
    };
    const { id } = sync.record;
    const report = { ...newReport('read-back', now), ...countedAt(change(sync.record)) };
    const text = documentText({
      ...report,
      outcome: contradicted.length > 0 ? 'contradicted' : 'confirmed',
      requests: 1,
      confirmed: readBack.seen?.confirmed,
      readBack: readBack.seen?.of,
      unknown: answer.kind === 'read' ? answer.withoutUser.length : undefined,
      problem: readBack.problem,
    });
    const ledgers =
      answer.kind === 'read' ? await readBackParts(sync.record, answer, { store, now }) : undefined;
    await sync.update(change, {
      ...(ledgers && { ledgers }),
      ...(answer.kind === 'read' && { history: { sync: id, text } }),
    });
    if (readBack.problem) logger.warn({ sync: id }, messageOf(readBack.problem));
  }
}

/**
 * The record after a contradicted sample is confirmed: the sync succeeds with this reading, or with the full
 * send that is due now.
 */
function readAgain(record: SyncRecord, before: ReadBackState, now: number): SyncRecord {
  if (before.problem === undefined || record.readBack?.problem !== undefined) return record;
  if (before.doubtsList)
    return {
      ...record,
      state: { ...record.state, sentInFullAt: undefined },
      retryAt: Math.min(record.retryAt ?? now, now),
      status: record.status === 'done' ? 'active' : record.status,
    };
  return record.problem === undefined && isRight(record) ? { ...record, succeededAt: now } : record;
}

/** Whether a run that just ended has drawn another sample. */
function isEarly(due: number, now: number): boolean {
  return due > now && due <= now + readBackAfterMs;
}
