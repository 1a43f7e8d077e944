/**
 * The states of a cohort sync, and every legal change.
 *
 * - `waiting`: for its next run (a new one: for its first).
 * - `syncing`: a run is under way. No run overlaps another.
 * - `pausing`: as before, but to be paused: the run is finished, then the sync is paused.
 * - `paused`: does not run until it is started. On request, or because the destination refused it (400, 401, 403, 404).
 * - `done`: a one-time sync whose run is over. It can be run again.
 */
export type SyncState = 'waiting' | 'syncing' | 'pausing' | 'paused' | 'done';
export type SyncMode = 'one-time' | 'dynamic';
export type SyncEvent = 'begin' | 'end' | 'refuse' | 'pause' | 'start';

/** The state after an event, or undefined where it is not allowed. */
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
