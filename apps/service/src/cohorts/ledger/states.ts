/**
 * The states of members in the ledger of a run, in the order of its list. A member of the cohort that is in none of
 * them was accepted by Braze.
 */
export const memberStates = {
  unmatched:
    'Its ID matches no user of Braze: a placeholder, or an anonymous, too long or missing ID. Not sent.',
  unknown: 'Braze accepted it, and has no such user: found in a sample that was read back.',
  contradicted: 'Braze accepted its change, and did not have it when a sample was read back. Sent again.',
  refused: 'Braze refused its change, with this message. Sent again.',
  unproven: 'Sent, and no answer of Braze proves whether its change was accepted. Sent again.',
  waiting:
    'Its change was not sent in this run, or the run ended before all answers to its part of the list. Sent with the next run.',
  removed: 'It left the cohort in Mixpanel, and Braze accepted its removal in this run.',
} as const;

export type MemberState = keyof typeof memberStates;
export const stateNames = Object.keys(memberStates) as MemberState[];

/** States that a member which left the cohort may have as well, since its removal is a change too. */
const changeStates: readonly MemberState[] = ['contradicted', 'refused', 'unproven', 'waiting'];

/** A part of a ledger in storage: the members with one state, in the cohort or leaving it. */
export interface Part {
  readonly name: string;
  readonly state: MemberState;
  /** Whether its members are no longer in the cohort, and their removal is the change. */
  readonly leaving: boolean;
}

export const partName = (state: MemberState, leaving: boolean): string =>
  leaving ? `${state}:leaving` : state;

/** All parts, in the order of the list. */
export const parts: readonly Part[] = stateNames.flatMap(state =>
  changeStates.includes(state)
    ? [false, true].map(leaving => ({ name: partName(state, leaving), state, leaving }))
    : [{ name: partName(state, false), state, leaving: state === 'removed' }],
);

/** Counts of members at the end of a run. Those of `refused`, `unproven` and `waiting` include leaving members. */
export interface StateCounts {
  /** Members of the cohort whose last change Braze accepted. */
  readonly accepted: number;
  readonly unmatched: number;
  readonly refused: number;
  readonly unproven: number;
  readonly waiting: number;
  readonly removed: number;
  /**
   * Of the refused, unproven and waiting ones, those that left the cohort. `accepted`, `unmatched`, `refused`,
   * `unproven` and `waiting` minus these are the members of the cohort.
   */
  readonly leaving: number;
}
