export { type CohortDesk, deskOf } from './cohort-desk.ts';
export { cohortRoutes } from './cohort-routes.ts';
export { CohortService } from './cohort-service.ts';
export type { CohortConnection } from './connection.ts';
export type { DryRun } from './dry-run.ts';
export { storedList } from './stored-list.ts';
export type { RunJson, SyncJson } from './sync-json.ts';
export { webhookRoutes } from './webhook-routes.ts';
