/**
 * Braze Currents: the envelope of events, the catalogue of event types with their properties and names in
 * Mixpanel, schemas, sample events and the selection of event types. Pure functions, zod schemas and
 * constants.
 *
 * @module
 */
export { catalogue2022_06 } from './catalogue-2022-06/index.ts';
export {
  type GlossaryEntry,
  type GlossaryField,
  type GlossaryType,
  glossary2026_07,
} from './catalogue-2026-07/glossary.ts';
export { catalogue2026_07 } from './catalogue-2026-07/index.ts';
export {
  type CatalogueChange,
  catalogueDifference,
  catalogueDifferenceTable,
} from './catalogue-difference.ts';
export { catalogueTable } from './catalogue-table.ts';
export { catalogueVersions } from './catalogue-versions.ts';
export { customHttpEntries } from './custom-http-entries.ts';
export { type Generation, generation2022_06, generations } from './deprecated.ts';
export * from './event-path.ts';
export type { CurrentsEventOf, EventOf, EventType } from './event-types.ts';
export { type ResolvedNames, resolveNames } from './resolve-names.ts';
export { type SampleOptions, sampleEvent } from './sample-event.ts';
export { currentsBatchSchema, currentsEventSchema, eventSchema } from './schemas.ts';
export { seededRandom } from './seeded-random.ts';
export { resolveSelection, type Selection } from './selection.ts';
export type * from './types.ts';
