/**
 * Mixpanel's public APIs: the limits and responses of `/import`, the identity rules of events, the query API
 * of cohorts, the cohort webhook, Lexicon's schemas, lookup tables and the hosts of each region. Pure functions, zod schemas and constants.
 *
 * @module
 */
export * from './answers.ts';
export { checkImportEvent, type ImportCheck } from './check-import-event.ts';
export * from './cohort-query.ts';
export * from './cohort-webhook.ts';
export { type Billing, billingOf, exemptEvents } from './exempt-events.ts';
export * from './hosts.ts';
export { type Identity, identityOf, insertIdOf, insertIdPattern, isBlank } from './identity.ts';
export * from './lexicon-schemas.ts';
export { importLimits } from './limits.ts';
export * from './lookup-tables.ts';
export { placeholderIn } from './placeholder.ts';
export { isTimeZone, type ProjectTimeZone, projectTimeZone } from './project-time-zone.ts';
export { isRefusedId, refusedIds } from './refused-ids.ts';
export type * from './types.ts';
export { utf8Length } from './utf8-length.ts';
export { shapeOf, type ValueShape, valueDepth } from './value-shape.ts';
