export { ProfileError, parseProfile, profileText } from './deprecated.ts';
export { secondsOf } from './event-time.ts';
export { mapEvent } from './map-event.ts';
export { MappingOptionsError, mappingOptionsText, parseMappingOptions } from './mapping-options.ts';
export { countNotes } from './notes.ts';
export { deadReasons, reasonTable, skipReasons } from './reasons.ts';
export type * from './types.ts';
