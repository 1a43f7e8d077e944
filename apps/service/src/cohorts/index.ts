export { cohortRoutes } from './cohort-routes.ts';
export { CohortService } from './cohort-service.ts';
export type { CohortConnection, CohortEntry } from './connection.ts';
export { CohortError } from './errors.ts';
export { type SyncJson, syncJson } from './sync-json.ts';
export { webhookRoutes } from './webhook-routes.ts';
