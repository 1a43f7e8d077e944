export { type AnyVerbRoute, type CohortApi, type CohortVerb, cohortVerbs, perform } from './cohort-api.ts';
export { CohortService } from './cohort-service.ts';
export type { CohortConnection } from './connection.ts';
export { noKey, notTracked, readSegmentSize } from './drift/check-drift.ts';
export { type DriftJson, driftBounds, driftSchema, isDrift } from './drift/drift.ts';
export type { DryRun } from './syncs/dry-run.ts';
export { storedList } from './syncs/stored-list.ts';
export type { RunJson, SyncJson } from './syncs/sync-json.ts';
