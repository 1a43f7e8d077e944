/**
 * The states of a Current. A draft becomes launched; launched and paused alternate; Braze disables a launched Current that
 * failed for too long, and launching it again brings it back. Only a launched Current queues and sends events: what
 * happens in Braze meanwhile is lost to it, since Currents can't be replayed.
 */
export const currentStates = ['draft', 'launched', 'paused', 'disabled'] as const;
export type CurrentState = (typeof currentStates)[number];
export type CurrentAction = 'launch' | 'pause' | 'disable';

const changes: Readonly<Record<CurrentState, Partial<Record<CurrentAction, CurrentState>>>> = {
  draft: { launch: 'launched' },
  launched: { launch: 'launched', pause: 'paused', disable: 'disabled' },
  paused: { launch: 'launched', pause: 'paused' },
  disabled: { launch: 'launched' },
};

/** The state after `action`, or `undefined` when the action is not open in this state. */
export function nextState(state: CurrentState, action: CurrentAction): CurrentState | undefined {
  return changes[state][action];
}
