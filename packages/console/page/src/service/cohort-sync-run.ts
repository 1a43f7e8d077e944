import type { Server } from '../app/about.ts';
import type { CohortSync } from './status.ts';

/** What each part of the ledger of a sync gets. */
export interface LedgerProps {
  readonly server: Server;
  readonly sync: CohortSync;
}

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

/** Members of a run in a state, in words; `undefined` where they are not known. */
export function membersIn(state: MemberState, run: Run, readBack: Run | undefined): string | undefined {
  if (state !== 'unknown' && state !== 'contradicted') return run.states?.[state].toLocaleString('en-US');
  const { readBack: users, confirmed, unknown } = readBack ?? {};
  if (users == null || confirmed == null || unknown == null) return undefined;
  const found = state === 'unknown' ? unknown : users - confirmed;
  return `${found} of ${users + unknown} read back`;
}

/** The newest read-back of what a run sent: it is later than the run, and earlier than the next. */
export function readBackOf(run: Run, runs: readonly Run[]): Run | undefined {
  const later = runs.filter(({ id }) => id > run.id).sort((a, b) => a.id - b.id);
  const next = later.findIndex(({ trigger }) => trigger !== 'read-back');
  return later.slice(0, next === -1 ? undefined : next).at(-1);
}

export interface Member {
  readonly state: MemberState;
  readonly leaving: boolean;
  readonly kind: string;
  readonly id: string;
  readonly label: string | null;
  readonly because: 'placeholder' | 'no_user' | null;
  readonly sentAt: string | null;
  readonly readAt: string | null;
  readonly words: string | null;
}

export interface MemberPage {
  readonly run: number;
  readonly members: readonly Member[];
  readonly next: string | null;
}
