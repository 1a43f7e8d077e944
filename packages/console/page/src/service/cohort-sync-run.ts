import { count } from '../parts/format.ts';

/** The parts of a run in `/api/cohorts/<id>/history` and of its ledger that the page shows. */
export interface Run {
  readonly id: number;
  readonly trigger: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly outcome: string;
  readonly added: number;
  readonly removed: number;
  readonly refused: number;
  /** Members that were read back and are users, and of these, those that are as they were sent. */
  readonly readBack: number | null;
  readonly confirmed: number | null;
  /** Members that were read back and are no users. */
  readonly unknown: number | null;
  readonly billedUpdates?: number;
  readonly assignments?: number;
  readonly states: States | null;
  /** Whether it wrote a ledger; absent before a release that says so. */
  readonly hasLedger?: boolean;
  readonly problem: { readonly code: string; readonly message: string } | null;
}

type States = Readonly<
  Record<'accepted' | 'unmatched' | 'refused' | 'unproven' | 'waiting' | 'removed' | 'leaving', number>
>;

/** The states in the ledger of a run, in the order of its list, and what they mean. */
export const memberStates = {
  unmatched: 'Their ID matches no user of Braze, so they were not sent.',
  unknown: 'Braze accepted them, and has no such users.',
  contradicted: 'Braze accepted their change, and did not have it. It is sent again.',
  refused: 'Braze refused their change. It is sent again.',
  unproven: 'They were sent, and no answer proves whether Braze accepted them. They are sent again.',
  waiting: 'Their change was not sent yet.',
  removed: 'They left the cohort in Mixpanel, and Braze removed them, as it should.',
} as const;
export type MemberState = keyof typeof memberStates;
export const stateNames = Object.keys(memberStates) as MemberState[];

/** Sums of the samples that were read back of a run: how many are users, and of these, how many are as they were sent. */
export interface ReadBack {
  readonly confirmed: number;
  readonly users: number;
  readonly unknown: number;
}

/** Members of a run in a state, in words; `undefined` where they are not known. */
export function membersIn(state: MemberState, run: Run, readBack: ReadBack | undefined): string | undefined {
  if (state !== 'unknown' && state !== 'contradicted') return run.states?.[state].toLocaleString('en-US');
  if (readBack === undefined) return undefined;
  const { confirmed, users, unknown } = readBack;
  return `${count(state === 'unknown' ? unknown : users - confirmed)} of ${count(users + unknown)} read back`;
}

export interface Member {
  readonly state: MemberState;
  readonly leaving: boolean;
  readonly kind: string;
  readonly id: string;
  readonly label: string | null;
  readonly because: 'placeholder' | 'no_user' | 'held' | null;
  readonly sentAt: string | null;
  readonly readAt: string | null;
  readonly message: string | null;
}

export interface MemberPage {
  readonly run: number;
  readonly members: readonly Member[];
  readonly next: string | null;
  /** `null` where nothing was read back, for the reason in `readBackWhy`. */
  readonly readBack: {
    readonly at: string;
    readonly sampled: number;
    readonly confirmed: number;
    readonly contradicted: number;
    readonly unknown: number;
  } | null;
  readonly readBackWhy: string | null;
  /** Newest other run whose ledger has members that are no users of Braze. */
  readonly unknownIn: number | null;
}
