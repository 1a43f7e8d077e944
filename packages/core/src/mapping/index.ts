export { secondsOf } from './event-time.ts';
export { mapEvent } from './map-event.ts';
export { countNotes } from './notes.ts';
export { ProfileError, parseProfile, profileText } from './profile.ts';
export { deadReasons, reasonTable, skipReasons } from './reasons.ts';
export type * from './types.ts';
