/**
 * The evidence of Braze's answers to the changes of one run and one target: counts, the keys that stay open,
 * and whether it is enough.
 *
 * A run falls short when an answer was contradictory or not from Braze, when Braze did not accept most of the
 * new changes of the run, or when most of the cohort is not accepted. Changes that were open before are not
 * new: otherwise a few members that Braze always refuses would make every run of a quiet cohort fall short.
 */
import { type Applying, progress, type SyncState, sortKeys } from '@braze-mixpanel/core/cohorts';
import { CohortError, type Problem } from '../cohort-error.ts';
import type { RunReport } from '../syncs/sync-record.ts';
import type { SettledGroup, UnansweredGroup } from './send-changes.ts';
import type { Sink } from './sink.ts';

/** Maximum of open members; more than this have a common cause. */
const openAtMost = 1_000;

/** The evidence of one run. */
export class Evidence {
  #newSent = 0;
  #newOpen = 0;
  #contradiction: Problem | undefined;
  #problem: Problem | undefined;

  /** Counts a settled group; `before` are the keys that were open before the run. */
  add(group: SettledGroup, report: RunReport, before: ReadonlySet<string>, sink: Sink): void {
    const { changes, refused, unproven } = group;
    const open = new Set([...refused, ...unproven]);
    const accepted = changes.filter(({ key }) => !open.has(key));
    const removed = accepted.filter(({ remove }) => remove).length;
    report.sent += changes.length;
    report.added += accepted.length - removed;
    report.removed += removed;
    report.refused += refused.length;
    report.unproven += unproven.length;
    report.requests += group.requests;
    report.billedUpdates += sink.billedUpdates(accepted.length);
    report.assignments = (report.assignments ?? 0) + sink.assignments(accepted.length);
    this.#newSent += changes.filter(({ key }) => !before.has(key)).length;
    this.#newOpen += open.difference(before).size;
    this.#problem = group.problem ?? this.#problem;
    if (group.contradicted) this.#contradiction = group.problem;
  }

  /** Counts the requests of a group that ended the run, and its changes where Braze may have applied them. */
  addUnanswered({ changes, requests, mayApply }: UnansweredGroup, report: RunReport): void {
    report.requests += requests;
    if (mayApply === undefined) return;
    report.sent += changes.length;
    report.unproven += changes.length;
  }

  /** The problem of a run that sent all its changes, if any. */
  shortfall({ sent, refused, unproven }: RunReport, { known, unknown }: SyncState): Problem | undefined {
    if (refused + unproven === 0) return undefined;
    const counts = `${refused} refused and ${unproven} unproven of ${sent} sent`;
    const detail = `${counts}; ${this.#problem?.detail ?? ''}`;
    if (this.#contradiction) return { code: this.#contradiction.code, detail };
    const most =
      this.#newOpen * 2 > this.#newSent || unknown.length * 2 > Math.max(known?.members ?? 0, sent);
    return most ? { code: 'braze_refuses_members', detail } : undefined;
  }
}

/** Progress of one target, on top of an interrupted run of the same target. */
export class TargetProgress {
  #cursor: string | undefined;
  #open: string[];
  #missing: number;

  constructor({ cursor, refused, missing = 0 }: Applying<number>) {
    this.#cursor = cursor;
    this.#open = [...refused];
    this.#missing = missing;
  }

  /**
   * @throws CohortError when too many are open: the group is then not settled, and is the first that the next
   * run sends
   */
  add({ changes, refused, unproven, problem }: SettledGroup): void {
    const open = new Set([...refused, ...unproven]);
    const all = this.#open.length + open.size;
    if (all > openAtMost)
      throw new CohortError(
        problem?.code ?? 'braze_refuses_members',
        `${all} members so far; ${problem?.detail ?? ''}`,
      );
    this.#cursor = changes.at(-1)?.key ?? this.#cursor;
    this.#open = [...this.#open, ...open];
    this.#missing += changes.filter(({ key, remove }) => !remove && open.has(key)).length;
  }

  onto(state: SyncState): SyncState {
    return progress(state, this.#cursor, sortKeys([...this.#open]), this.#missing);
  }
}

/** Whether Braze has answered every change of the target, and every earlier one. */
export function isAnswered({ refused, unproven }: RunReport, { unknown }: SyncState): boolean {
  return unproven === 0 && unknown.length <= refused;
}
