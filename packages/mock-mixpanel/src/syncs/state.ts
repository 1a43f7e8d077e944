/**
 * The state machine of a cohort sync.
 *
 * - `waiting`: for its next run (a new sync: for its first).
 * - `syncing`: a run is in progress. Runs never overlap.
 * - `pausing`: a run is in progress, and the sync is paused after it.
 * - `paused`: does not run until it is started. On request, or because the destination rejected it (400, 401,
 *   403, 404).
 * - `done`: a one-time sync after its run. It can be run again.
 */
export type SyncState = 'waiting' | 'syncing' | 'pausing' | 'paused' | 'done';
export type SyncMode = 'one-time' | 'dynamic';
export type SyncEvent = 'begin' | 'end' | 'refuse' | 'pause' | 'start';

/** The state after an event, or `undefined` if it is not allowed. */
export function nextState(state: SyncState, event: SyncEvent, mode: SyncMode): SyncState | undefined {
  const underWay = state === 'syncing' || state === 'pausing';
  switch (event) {
    case 'begin':
      return state === 'waiting' || state === 'done' ? 'syncing' : undefined;
    case 'end':
      if (state === 'pausing') return 'paused';
      return mode === 'dynamic' ? 'waiting' : 'done';
    case 'refuse':
      return 'paused';
    case 'pause':
      return underWay ? 'pausing' : 'paused';
    case 'start':
      if (state === 'pausing') return 'syncing';
      return state === 'paused' ? 'waiting' : undefined;
  }
}
