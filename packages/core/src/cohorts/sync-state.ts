/**
 * The state of one cohort sync, and the only functions that change it. Pure: the caller stores every new state before
 * it acts on it, and discards runs that no stored state refers to.
 *
 * What holds:
 * 1. `known` is what Braze holds, as far as anybody can tell; it changes only when every change of a target was settled.
 * 2. A target is stored in `applying` before its first change is sent. Whatever interrupts it, the same target is taken up
 *    again from `cursor` before a newer one is compared: changes behind the cursor count as unknown and are sent
 *    again. (Else: known {a}, target {a, b}, b is added, crash, next target {a}: no difference, and b stays for ever.)
 * 3. At most one further target waits, the newest. A read that failed or was cut short never becomes a target.
 * 4. A target that empties or more than halves a cohort of over 1,000 members is held: it removes (and adds) nothing
 *    until it is confirmed, or until a newer target takes its place.
 * 5. Changes that Braze did not accept are remembered as `unknown` and sent again with the next target, or without one where the
 *    caller asks for that. What Braze turns out not to hold, although it accepted it, joins them.
 *
 * ```
 *             offer                 begin (not held)                finish
 *  at rest ─────────▶ waiting ─────────────────────────▶ applying ─────────▶ at rest
 *                       │ ▲  begin (shrinks too much)       │   ▲
 *                       ▼ │ confirm / newer offer           └───┘ progress, interrupted and begun again
 *                      held
 * ```
 */
import type { MemberChange } from './difference.ts';
import type { RunCounts } from './run.ts';
import { sortKeys } from './utf8-order.ts';

export interface Snapshot<Run> {
  readonly run: Run;
  /** Members that can be sent to Braze. */
  readonly members: number;
  /** Members that match nobody in Braze. */
  readonly unmatched: number;
  /** Of the unmatched, those whose id can be nobody's; absent in what earlier versions stored. */
  readonly refusedIds?: number;
}

export function snapshotOf<Run>(run: Run, { matched, ...counts }: RunCounts): Snapshot<Run> {
  return { run, members: matched, ...counts };
}

export interface SyncState<Run = number> {
  readonly known: Snapshot<Run> | undefined;
  readonly applying: Applying<Run> | undefined;
  readonly waiting: Waiting<Run> | undefined;
  /** Keys whose state in Braze is unknown because a change of theirs was not accepted; sorted. */
  readonly unknown: readonly string[];
  /** How many of `unknown` are members of `known` that were not added: Braze holds that many fewer. */
  readonly missing?: number;
  /** When the last full send was begun, milliseconds since 1970. */
  readonly sentInFullAt: number | undefined;
}

export interface Applying<Run> {
  readonly target: Snapshot<Run>;
  /** Changes up to and including this key are settled. */
  readonly cursor: string | undefined;
  /** Every member of the target is sent, known or not. */
  readonly resend: boolean;
  /** Changes of this target that Braze did not accept; sorted. */
  readonly refused: readonly string[];
  /** How many of `refused` add a member. */
  readonly missing?: number;
}

export interface Waiting<Run> {
  readonly target: Snapshot<Run>;
  /** Held until confirmed. */
  readonly held: boolean;
  readonly confirmed: boolean;
}

export interface SafetyStop {
  /** Cohorts of at most this many members may shrink as they like. */
  readonly over: number;
}

export const safetyStop: SafetyStop = { over: 1_000 };

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

/** The newest word of Mixpanel: takes the place of a target that waits, also of a held one. */
export function offerTarget<Run>(state: SyncState<Run>, target: Snapshot<Run>): SyncState<Run> {
  return { ...state, waiting: { target, held: false, confirmed: false } };
}

/**
 * Members that Mixpanel takes out of a cohort of which nothing is stored (storage was lost): Braze may hold them, so they count as
 * known, and the difference removes them.
 */
export function assumeKnown<Run>(state: SyncState<Run>, held: Snapshot<Run>): SyncState<Run> {
  return state.known || state.applying ? state : { ...state, known: held };
}

/** What a difference (`add_members`, `remove_members`) builds on: Mixpanel's newest word so far. */
export function newestTarget<Run>(state: SyncState<Run>): Snapshot<Run> | undefined {
  return state.waiting?.target ?? state.applying?.target ?? state.known;
}

/**
 * What to do next: takes up an interrupted target, else the one that waits, else the known one: in full (`resend`), or only what of it is
 * unknown (`again`). `applying` of the answer is what is to be sent; it is undefined when there is nothing to do, or when the target is
 * held.
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

/** An answer that empties or more than halves a cohort of more than `over` members is more likely wrong than right. */
export function shrinksTooMuch(known: number, target: number, { over }: SafetyStop = safetyStop): boolean {
  return known > over && target * 2 < known;
}

/** The held target may be applied as it is. */
export function confirmTarget<Run>(state: SyncState<Run>): SyncState<Run> {
  return state.waiting ? { ...state, waiting: { ...state.waiting, confirmed: true } } : state;
}

/**
 * Every change up to and including `cursor` is settled; `refused` are those (of all so far) that Braze did not accept, `missing` of
 * them additions.
 */
export function progress<Run>(
  state: SyncState<Run>,
  cursor: string | undefined,
  refused: readonly string[],
  missing = 0,
): SyncState<Run> {
  return state.applying ? { ...state, applying: { ...state.applying, cursor, refused, missing } } : state;
}

/** Every change of the target is settled: Braze holds the target, but for what it did not accept. */
export function finish<Run>(state: SyncState<Run>): SyncState<Run> {
  const { applying } = state;
  if (!applying) return state;
  const { target, refused, missing = 0 } = applying;
  return { ...state, known: target, applying: undefined, unknown: refused, missing };
}

/** Reading back showed that Braze does not hold these accepted changes: they are unknown now, and sent again. */
export function doubt<Run>(state: SyncState<Run>, changes: readonly MemberChange[]): SyncState<Run> {
  const unknown = new Set(state.unknown);
  const fresh = changes.filter(({ key }) => !unknown.has(key));
  const added = fresh.filter(({ remove }) => !remove).length;
  return {
    ...state,
    unknown: sortKeys([...unknown, ...fresh.map(({ key }) => key)]),
    missing: (state.missing ?? 0) + added,
  };
}

/** Members of the known target that Braze accepted. */
export function acceptedMembers<Run>({ known, missing = 0 }: SyncState<Run>): number {
  return Math.max(0, (known?.members ?? 0) - missing);
}

/** Braze is another one now (another sink, another workspace): nothing is known of it, the newest target waits. */
export function forgetKnown<Run>(state: SyncState<Run>): SyncState<Run> {
  const target = newestTarget(state);
  const forgotten = initialState<Run>();
  return target ? offerTarget(forgotten, target) : forgotten;
}

/** Every run the state refers to; all others of the sync may be discarded. */
export function runsOf<Run>({ known, applying, waiting }: SyncState<Run>): Set<Run> {
  const runs = [known, applying?.target, waiting?.target].flatMap(snapshot =>
    snapshot ? [snapshot.run] : [],
  );
  return new Set(runs);
}
