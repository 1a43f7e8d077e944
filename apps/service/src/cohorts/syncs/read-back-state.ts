/**
 * The read-back state of a sync: past results, and the sample that waits to be read. Pure, a part of the
 * sync's record.
 *
 * After a list is sent, a sample of its accepted changes waits for `readBackAfterMs`, since Braze processes
 * accepted changes later. A change whose member is sent again meanwhile leaves the sample: the attribute may
 * then have either value.
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
  /** Attempts to read this sample. */
  readonly attempts: number;
  /**
   * The last result: `of` members of the sample are users of Braze, `confirmed` of them as they were sent.
   */
  readonly seen: { readonly at: number; readonly confirmed: number; readonly of: number } | undefined;
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

/** A sample of one target: each accepted change has the same chance. */
export class Sample {
  readonly #before: Map<string, MemberChange>;
  readonly #drawn: MemberChange[] = [];
  readonly #random: () => number;
  #offered = 0;

  constructor(state: ReadBackState | undefined, random: () => number) {
    this.#before = new Map(state?.sample.map(change => [change.key, change]));
    this.#random = random;
  }

  add({ changes, refused, unproven }: SettledGroup): void {
    const open = new Set([...refused, ...unproven]);
    for (const change of changes) {
      this.#before.delete(change.key);
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

  /** The state while the target is being sent: the part of the former sample that is still as it was sent. */
  meanwhile(state: ReadBackState = nothingRead): ReadBackState {
    const sample = [...this.#before.values()];
    return { ...state, sample, due: sample.length > 0 ? state.due : undefined };
  }

  /**
   * The state after the target was sent: the former sample keeps its time, otherwise the new one waits for
   * its own.
   */
  after(now: number, state: ReadBackState = nothingRead): ReadBackState {
    const left = this.meanwhile(state);
    return left.sample.length > 0 || this.#drawn.length === 0
      ? left
      : { ...left, sample: this.#drawn, due: now + readBackAfterMs, attempts: 0 };
  }
}

/** The state after an attempt to read the sample back. */
export function afterReadBack(state: ReadBackState, answer: ReadBackAnswer, now: number): ReadBackState {
  const attempts = state.attempts + 1;
  if (answer.kind === 'unknown') {
    const again = answer.later && attempts < attemptsAtMost;
    return again
      ? { ...state, attempts, due: now + readBackAfterMs, why: answer.why }
      : { ...state, sample: [], due: undefined, attempts: 0, why: answer.why };
  }
  const { confirmed, contradicted } = answer;
  const of = confirmed.length + contradicted.length;
  const denied = contradicted.length > 0;
  const detail = `${contradicted.length} of ${of} users that were read back`;
  return {
    sample: [],
    due: undefined,
    attempts: 0,
    seen: of === 0 ? state.seen : { at: now, confirmed: confirmed.length, of },
    why: of === 0 ? 'none of the sampled members is a Braze user' : undefined,
    contradictions: denied ? state.contradictions + 1 : 0,
    doubtsList: denied && (state.doubtsList === true || contradicted.length * 2 > of),
    problem: denied ? { code: 'braze_lacks_members', detail, at: now } : undefined,
  };
}
