/**
 * Mapping of Currents events to Mixpanel events: the mapping, its options and their stored form, the reasons
 * for which an event is skipped or becomes a dead letter, and the notes about unusual events. Pure functions.
 *
 * @module
 */
export { ProfileError, parseProfile, profileText } from './deprecated.ts';
export { eventNameOf } from './event-name.ts';
export { secondsOf } from './event-time.ts';
export { type Exclusion, type ExclusionResult, parseExclusion } from './exclusions.ts';
export { mapEvent } from './map-event.ts';
export { MappingOptionsError, mappingOptionsText, parseMappingOptions } from './mapping-options.ts';
export { countNotes } from './notes.ts';
export { deadReasons, reasonTable, skipReasons } from './reasons.ts';
export { type AppliedRule, appliedRules, type MappingRuleName, mappingRules } from './rules.ts';
export type * from './types.ts';
