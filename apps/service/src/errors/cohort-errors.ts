import { brazeErrors } from './braze-errors.ts';
import { connectionErrors } from './connection-errors.ts';
import { queryErrors } from './query-errors.ts';
import { syncErrors } from './sync-errors.ts';
import { webhookErrors } from './webhook-errors.ts';

/** Errors of cohort syncs and of requests about them. */
export const cohortErrors = {
  ...connectionErrors,
  ...webhookErrors,
  ...syncErrors,
  ...queryErrors,
  ...brazeErrors,
} as const;

export type CohortErrorCode = keyof typeof cohortErrors;
