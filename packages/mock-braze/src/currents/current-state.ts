/**
 * The state machine of a Current. A draft can be launched, a launched one paused and launched again. Braze
 * disables a launched Current that failed for too long; launching it reactivates it. Only a launched Current
 * queues and sends events. It never sends the events of the meantime, since Currents can't be replayed.
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

/** The state after `action`, or `undefined` if the action is invalid in this state. */
export function nextState(state: CurrentState, action: CurrentAction): CurrentState | undefined {
  return changes[state][action];
}
