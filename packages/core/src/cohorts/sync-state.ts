import type { MemberChange } from './difference.ts';
import { type SafetyStop, safetyStop, shrinksTooMuch } from './safety-stop.ts';
import type { Snapshot } from './snapshot.ts';
import type { Applying, Waiting } from './target.ts';
import { sortKeys } from './utf8-order.ts';

/**
 * State of one cohort sync. Only the functions of this module change it. They are pure: the caller stores
 * every new state before it acts on it, and deletes the runs that no stored state refers to.
 *
 * Invariants:
 * 1. `known` is the cohort in Braze, as far as Braze's answers show. It changes only when every change of a
 *    target is settled.
 * 2. A target is stored in `applying` before its first change is sent. After an interruption, the same target
 *    continues at `cursor` before a newer one is compared: the changes after the cursor are unknown and are
 *    sent again. (Otherwise: known {a}, target {a, b}, b is added, crash, next target {a}: no difference, and
 *    b stays forever.)
 * 3. At most one further target waits, the newest. A read that failed or ended early never becomes a target.
 * 4. A target that empties or more than halves a cohort of over 1,000 members is held: it changes nothing
 *    until it is confirmed or a newer target replaces it.
 * 5. Changes that Braze did not accept are `unknown` and are sent again with the next target, or without one
 *    at the caller's request. So are changes that Braze accepted but, when read back, does not have.
 *
 * ```
 *             offer                 begin (not held)                finish
 *  idle ────────────▶ waiting ─────────────────────────▶ applying ─────────▶ idle
 *                       │ ▲  begin (shrinks too much)       │   ▲
 *                       ▼ │ confirm / newer offer           └───┘ progress, or begin after an interruption
 *                      held
 * ```
 */
export interface SyncState<Run = number> {
  /** The cohort in Braze, as far as Braze's answers show. */
  readonly known: Snapshot<Run> | undefined;
  /** The target whose changes are being sent. */
  readonly applying: Applying<Run> | undefined;
  /** The newest target, to be sent next. */
  readonly waiting: Waiting<Run> | undefined;
  /** Keys whose state in Braze is unknown, since a change of theirs was not accepted; sorted. */
  readonly unknown: readonly string[];
  /** Keys of `unknown` that are members of `known` and were not added: Braze has that many fewer. */
  readonly missing?: number;
  /** Start of the last full send, milliseconds since 1970. */
  readonly sentInFullAt: number | undefined;
}

/**
 * State of a new sync: nothing is known of the cohort in Braze, no target waits.
 *
 * @example
 * ```ts
 * import { initialState } from '@braze-mixpanel/core/cohorts';
 *
 * console.log(initialState().known); // undefined
 * ```
 */
export function initialState<Run>(): SyncState<Run> {
  return {
    known: undefined,
    applying: undefined,
    waiting: undefined,
    unknown: [],
    missing: 0,
    sentInFullAt: undefined,
  };
}

/**
 * State with a new target from Mixpanel. It replaces a target that waits, even a held one.
 *
 * @example
 * ```ts
 * import { initialState, offerTarget } from '@braze-mixpanel/core/cohorts';
 *
 * const state = offerTarget(initialState<string>(), { run: 'run-1', members: 2, unmatched: 0 });
 * console.log(state.waiting?.target.run); // run-1
 * ```
 */
export function offerTarget<Run>(state: SyncState<Run>, target: Snapshot<Run>): SyncState<Run> {
  return { ...state, waiting: { target, held: false, confirmed: false } };
}

/**
 * State that assumes these members in Braze, if it knows nothing of the cohort. For members that Mixpanel
 * removes after the storage was lost: Braze may still have them, so that the difference removes them.
 *
 * @example
 * ```ts
 * import { assumeKnown, initialState } from '@braze-mixpanel/core/cohorts';
 *
 * const state = assumeKnown(initialState<string>(), { run: 'run-1', members: 2, unmatched: 0 });
 * console.log(state.known?.members); // 2
 * ```
 */
export function assumeKnown<Run>(state: SyncState<Run>, held: Snapshot<Run>): SyncState<Run> {
  return state.known || state.applying ? state : { ...state, known: held };
}

/**
 * Newest snapshot from Mixpanel: the base of a difference (`add_members`, `remove_members`).
 *
 * @example
 * ```ts
 * import { initialState, newestTarget, offerTarget } from '@braze-mixpanel/core/cohorts';
 *
 * const state = offerTarget(initialState<string>(), { run: 'run-1', members: 2, unmatched: 0 });
 * console.log(newestTarget(state)?.run); // run-1
 * ```
 */
export function newestTarget<Run>(state: SyncState<Run>): Snapshot<Run> | undefined {
  return state.waiting?.target ?? state.applying?.target ?? state.known;
}

/**
 * State with the target to send next in `applying`: an interrupted one, else the waiting one, else the known
 * one, in full (`resend`) or only its unknown keys (`again`). `applying` stays `undefined` if there is
 * nothing to do or the target is held.
 *
 * @param options `now` is in milliseconds since 1970; `again` is false by default, `safety` is {@link
 * safetyStop}
 * @example
 * ```ts
 * import { begin, initialState, offerTarget } from '@braze-mixpanel/core/cohorts';
 *
 * const offered = offerTarget(initialState<string>(), { run: 'run-1', members: 2, unmatched: 0 });
 * console.log(begin(offered, { now: Date.now(), resend: false }).applying?.target.run); // run-1
 * ```
 */
export function begin<Run>(
  state: SyncState<Run>,
  options: { now: number; resend: boolean; again?: boolean; safety?: SafetyStop },
): SyncState<Run> {
  const { now, resend, again = false, safety = safetyStop } = options;
  if (state.applying) return state;
  const { waiting, known } = state;
  if (waiting) {
    if (!waiting.confirmed && shrinksTooMuch(known?.members ?? 0, waiting.target.members, safety))
      return waiting.held ? state : { ...state, waiting: { ...waiting, held: true } };
    return apply({ ...state, waiting: undefined }, waiting.target, now, resend || !known);
  }
  return known && (resend || (again && state.unknown.length > 0)) ? apply(state, known, now, resend) : state;
}

function apply<Run>(
  state: SyncState<Run>,
  target: Snapshot<Run>,
  now: number,
  resend: boolean,
): SyncState<Run> {
  return {
    ...state,
    applying: { target, cursor: undefined, resend, refused: [], missing: 0 },
    sentInFullAt: resend ? now : state.sentInFullAt,
  };
}

/**
 * State in which the waiting target is confirmed, so that the safety stop no longer holds it.
 *
 * @example
 * ```ts
 * import { confirmTarget, initialState, offerTarget } from '@braze-mixpanel/core/cohorts';
 *
 * const offered = offerTarget(initialState<string>(), { run: 'run-1', members: 0, unmatched: 0 });
 * console.log(confirmTarget(offered).waiting?.confirmed); // true
 * ```
 */
export function confirmTarget<Run>(state: SyncState<Run>): SyncState<Run> {
  return state.waiting ? { ...state, waiting: { ...state.waiting, confirmed: true } } : state;
}

/**
 * State in which every change of the target up to `cursor`, inclusive, is settled.
 *
 * @param refused keys of all changes so far that Braze did not accept, sorted
 * @param missing how many of `refused` add a member
 * @example
 * ```ts
 * import { begin, initialState, offerTarget, progress } from '@braze-mixpanel/core/cohorts';
 *
 * const offered = offerTarget(initialState<string>(), { run: 'run-1', members: 2, unmatched: 0 });
 * const applying = begin(offered, { now: Date.now(), resend: false });
 * console.log(progress(applying, 'eada', []).applying?.cursor); // eada
 * ```
 */
export function progress<Run>(
  state: SyncState<Run>,
  cursor: string | undefined,
  refused: readonly string[],
  missing = 0,
): SyncState<Run> {
  return state.applying ? { ...state, applying: { ...state.applying, cursor, refused, missing } } : state;
}

/**
 * State in which every change of the target is settled: Braze has the target, except for the changes that it
 * did not accept.
 *
 * @example
 * ```ts
 * import { begin, finish, initialState, offerTarget } from '@braze-mixpanel/core/cohorts';
 *
 * const offered = offerTarget(initialState<string>(), { run: 'run-1', members: 2, unmatched: 0 });
 * console.log(finish(begin(offered, { now: Date.now(), resend: false })).known?.run); // run-1
 * ```
 */
export function finish<Run>(state: SyncState<Run>): SyncState<Run> {
  const { applying } = state;
  if (!applying) return state;
  const { target, refused, missing = 0 } = applying;
  return { ...state, known: target, applying: undefined, unknown: refused, missing };
}

/**
 * State in which these accepted changes are unknown, since reading them back showed that Braze does not have
 * them. They are sent again.
 *
 * @example
 * ```ts
 * import { markUnknown, initialState } from '@braze-mixpanel/core/cohorts';
 *
 * console.log(markUnknown(initialState(), [{ key: 'eada', remove: false }]).unknown.join()); // eada
 * ```
 */
export function markUnknown<Run>(state: SyncState<Run>, changes: readonly MemberChange[]): SyncState<Run> {
  const unknown = new Set(state.unknown);
  const fresh = changes.filter(({ key }) => !unknown.has(key));
  const added = fresh.filter(({ remove }) => !remove).length;
  return {
    ...state,
    unknown: sortKeys([...unknown, ...fresh.map(({ key }) => key)]),
    missing: (state.missing ?? 0) + added,
  };
}

/**
 * Number of the known members that Braze accepted.
 *
 * @example
 * ```ts
 * import { acceptedMembers, assumeKnown, initialState } from '@braze-mixpanel/core/cohorts';
 *
 * const known = { run: 'run-1', members: 3, unmatched: 1 };
 * console.log(acceptedMembers({ ...assumeKnown(initialState<string>(), known), missing: 1 })); // 2
 * ```
 */
export function acceptedMembers<Run>({ known, missing = 0 }: SyncState<Run>): number {
  return Math.max(0, (known?.members ?? 0) - missing);
}

/**
 * State for another sink or another workspace of Braze: nothing is known of the cohort there, and the newest
 * target waits.
 *
 * @example
 * ```ts
 * import { assumeKnown, forgetKnown, initialState } from '@braze-mixpanel/core/cohorts';
 *
 * const state = assumeKnown(initialState<string>(), { run: 'run-1', members: 2, unmatched: 0 });
 * const { known, waiting } = forgetKnown(state);
 * console.log(known, waiting?.target.run); // undefined run-1
 * ```
 */
export function forgetKnown<Run>(state: SyncState<Run>): SyncState<Run> {
  const target = newestTarget(state);
  const forgotten = initialState<Run>();
  return target ? offerTarget(forgotten, target) : forgotten;
}

/**
 * Runs that the state refers to. The caller may delete all others of the sync.
 *
 * @example
 * ```ts
 * import { assumeKnown, initialState, runsOf } from '@braze-mixpanel/core/cohorts';
 *
 * const state = assumeKnown(initialState<string>(), { run: 'run-1', members: 2, unmatched: 0 });
 * console.log([...runsOf(state)].join()); // run-1
 * ```
 */
export function runsOf<Run>({ known, applying, waiting }: SyncState<Run>): Set<Run> {
  const runs = [known, applying?.target, waiting?.target].flatMap(snapshot =>
    snapshot ? [snapshot.run] : [],
  );
  return new Set(runs);
}
