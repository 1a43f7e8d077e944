/**
 * The read-back state of a sync: past results, and the sample that waits to be read. Pure, a part of the
 * sync's record.
 *
 * After a list is sent, a sample of its accepted changes waits for `readBackAfterMs`, since Braze processes
 * accepted changes later. What is sent while a sample waits is sampled too, and read at its own time after it. A
 * change whose member is sent again meanwhile leaves its sample: the attribute may then have either value.
 */
import { usersExportLimits } from '@braze-mixpanel/core/braze';
import type { MemberChange } from '@braze-mixpanel/core/cohorts';
import type { Problem } from '../cohort-error.ts';
import type { SettledGroup } from '../sinks/send-changes.ts';
import type { ReadBackAnswer } from '../sinks/sink.ts';

export interface ReadBackState {
  /** Accepted changes that are read back at `due`. */
  readonly sample: readonly MemberChange[];
  readonly due: number | undefined;
  /** The sample of later runs, which becomes the sample after the present one was read. */
  readonly next?: { readonly sample: readonly MemberChange[]; readonly due: number } | undefined;
  /** Attempts to read this sample. */
  readonly attempts: number;
  /**
   * The last result: `of` members of the sample are users of Braze, `confirmed` of them as they were sent, and
   * `unknown` others are no users; absent in a result of an earlier release.
   */
  readonly seen:
    | { readonly at: number; readonly confirmed: number; readonly of: number; readonly unknown?: number }
    | undefined;
  /** The reason why the last attempt had no result. */
  readonly why: string | undefined;
  /** Results in a row that contradicted the changes that Braze had accepted. */
  readonly contradictions: number;
  /**
   * Whether one of them contradicted most of its sample, so that the rest of the list is doubtful too: it is
   * sent in full once a sample is confirmed.
   */
  readonly doubtsList?: boolean;
  readonly problem: (Problem & { readonly at: number }) | undefined;
}

/** Time between the end of a run and the read-back, and between two attempts. */
export const readBackAfterMs = 600_000;
const attemptsAtMost = 5;

const nothingRead: ReadBackState = {
  sample: [],
  due: undefined,
  attempts: 0,
  seen: undefined,
  why: undefined,
  contradictions: 0,
  problem: undefined,
};

/** A sample of one target: each accepted change has the same chance, apart from those of targets before it. */
export class Sample {
  readonly #sent = new Set<string>();
  readonly #before: ReadonlySet<string>;
  readonly #drawn: MemberChange[] = [];
  readonly #random: () => number;
  #offered = 0;

  constructor(state: ReadBackState | undefined, random: () => number) {
    const waiting = [...(state?.sample ?? []), ...(state?.next?.sample ?? [])];
    this.#before = new Set(waiting.map(({ key }) => key));
    this.#random = random;
  }

  add({ changes, refused, unproven }: SettledGroup): void {
    const open = new Set([...refused, ...unproven]);
    for (const change of changes) {
      if (this.#before.has(change.key)) this.#sent.add(change.key);
      if (!open.has(change.key)) this.#offer(change);
    }
  }

  #offer(change: MemberChange): void {
    this.#offered += 1;
    if (this.#drawn.length < usersExportLimits.idsPerRequest) this.#drawn.push(change);
    else {
      const place = Math.floor(this.#random() * this.#offered);
      if (place < this.#drawn.length) this.#drawn[place] = change;
    }
  }

  /** The state while the target is being sent: the part of the former samples that is still as it was sent. */
  meanwhile(state: ReadBackState = nothingRead): ReadBackState {
    return sampleWithout(state, key => this.#sent.has(key));
  }

  /** The state after the target was sent: a former sample keeps its time, and the new one waits for its own. */
  after(now: number, state: ReadBackState = nothingRead): ReadBackState {
    const left = this.meanwhile(state);
    if (this.#drawn.length === 0) return left;
    const due = now + readBackAfterMs;
    if (left.sample.length === 0) return { ...left, sample: this.#drawn, due, attempts: 0 };
    const sample = [...(left.next?.sample ?? []), ...this.#drawn];
    while (sample.length > usersExportLimits.idsPerRequest)
      sample.splice(Math.floor(this.#random() * sample.length), 1);
    return { ...left, next: { sample, due } };
  }
}

/** The state without the sampled changes of some members. */
export function sampleWithout(state: ReadBackState, isLeft: (key: string) => boolean): ReadBackState {
  const rest = (changes: readonly MemberChange[]) => changes.filter(({ key }) => !isLeft(key));
  const { next } = state;
  const left = {
    ...state,
    sample: rest(state.sample),
    ...(next && { next: { ...next, sample: rest(next.sample) } }),
  };
  return left.sample.length > 0 ? left : withNext(left);
}

/** The state after its sample was read, or was sent again completely: the next one takes its place. */
function withNext({ next, ...state }: ReadBackState): ReadBackState {
  const isNone = next === undefined || next.sample.length === 0;
  return { ...state, attempts: 0, sample: isNone ? [] : next.sample, due: isNone ? undefined : next.due };
}

/** The state after an attempt to read the sample back. */
export function afterReadBack(state: ReadBackState, answer: ReadBackAnswer, now: number): ReadBackState {
  const attempts = state.attempts + 1;
  if (answer.kind === 'unknown') {
    const again = answer.later && attempts < attemptsAtMost;
    return again
      ? { ...state, attempts, due: now + readBackAfterMs, why: answer.why }
      : { ...withNext(state), why: answer.why };
  }
  const { confirmed, contradicted, withoutUser } = answer;
  const of = confirmed.length + contradicted.length;
  const denied = contradicted.length > 0;
  const detail = `${contradicted.length} of ${of} users that were read back`;
  return {
    // After a contradiction, a confirmed sample ends the problem: that must be one of what is sent again.
    ...withNext(denied ? { ...state, next: undefined } : state),
    seen: { at: now, confirmed: confirmed.length, of, unknown: withoutUser.length },
    why: of === 0 ? 'none of the sampled members is a Braze user' : undefined,
    contradictions: denied ? state.contradictions + 1 : 0,
    doubtsList: denied && (state.doubtsList === true || contradicted.length * 2 > of),
    problem: denied ? { code: 'braze_lacks_members', detail, at: now } : undefined,
  };
}
