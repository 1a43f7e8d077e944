export * from './answers.ts';
export { checkImportEvent, type ImportCheck } from './check-import-event.ts';
export { type MixpanelHosts, type MixpanelRegion, mixpanelHosts } from './hosts.ts';
export { insertIdOf, insertIdPattern, isRefusedId, refusedIds } from './identity.ts';
export { importLimits } from './limits.ts';
export type * from './types.ts';
export { utf8Length } from './utf8-length.ts';
export { shapeOf, type ValueShape, valueDepth } from './value-shape.ts';
