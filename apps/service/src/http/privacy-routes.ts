import { StorageError } from '@braze-mixpanel/storage';
import { z } from 'zod';
import type { Trail } from '../audit/audit-logger.ts';
import { type CohortErrorCode, cohortErrors } from '../errors/cohort-errors.ts';
import { explanationSchema } from '../events/dead-letters/explain.ts';
import { type ForgetOptions, forget } from '../privacy/forget.ts';
import { outOfReach } from '../privacy/out-of-reach.ts';
import { type TraceOptions, trace } from '../privacy/trace.ts';
import { ApiError } from './api-error.ts';
import { type ApiRoute, apiRoute, endpoint } from './api-route.ts';

export interface PrivacyRoutesOptions extends ForgetOptions, TraceOptions {
  readonly cohorts: ForgetOptions['cohorts'] & TraceOptions['cohorts'];
  readonly journal: ForgetOptions['journal'] & TraceOptions['journal'];
  readonly deadLetters: ForgetOptions['deadLetters'] & TraceOptions['deadLetters'];
  readonly audit: Trail;
}

const externalId = z
  .string()
  .min(1, { error: 'the id of a user is empty; expected an external id of Braze' });

const forgotten = z.object({
  digest: z.string(),
  pending: z.int(),
  delivered: z.int(),
  deadLetters: z.int(),
  cohorts: z.unknown(),
  stillBeingDelivered: z.int(),
  stillOnDisk: z.string().nullable(),
  failed: z.array(z.string()),
  complete: z.boolean(),
  outOfReach: z.unknown(),
});

const tracedEvent = {
  id: z.string().nullable(),
  eventType: z.string().nullable(),
  time: z.string().nullable(),
};
const traced = z.object({
  connections: z.record(
    z.string(),
    z.object({
      pending: z.array(
        z.object({
          ...tracedEvent,
          batch: z.int(),
          receivedAt: z.string(),
          attempts: z.int(),
          nextAttempt: z.string().nullable(),
          beingDelivered: z.boolean(),
        }),
      ),
      deadLetters: z.array(
        z.object({
          ...tracedEvent,
          deadLetter: z.int(),
          diedAt: z.string(),
          reason: z.string(),
          detail: z.string(),
          explanation: explanationSchema.nullable(),
        }),
      ),
      delivered: z
        .array(z.object({ ...tracedEvent, batch: z.int(), deliveredAt: z.string(), outcome: z.string() }))
        .nullable(),
    }),
  ),
  cohorts: z.unknown(),
  complete: z.boolean(),
});

export const privacyEndpoints = {
  forget: endpoint({
    method: 'post',
    path: '/api/forget',
    summary:
      'Removes one user from everything stored here; answers what was removed, what is left, and what is out of reach.',
    bodyLimit: '1mb',
    body: z.strictObject({ externalId, confirm: z.literal(true) }),
    expected:
      'Expected a JSON object {"externalId":"…","confirm":true}: what is forgotten does not come back.',
    answer: forgotten,
    errors: ['removal_not_stored'],
  }),
  trace: endpoint({
    method: 'post',
    path: '/api/trace',
    summary: "What happened to one user's events and cohort memberships; reads only.",
    bodyLimit: '1mb',
    body: z.strictObject({ externalId }),
    expected: 'Expected a JSON object {"externalId":"…"}.',
    answer: traced,
    errors: Object.keys(cohortErrors) as CohortErrorCode[],
  }),
};

/**
 * Requests about one user. The ID is in the body because proxies log addresses. The audit log has an entry for each attempt to
 * forget a user, with a digest of the ID.
 */
export function privacyRoutes(options: PrivacyRoutesOptions): ApiRoute[] {
  return [
    apiRoute(privacyEndpoints.forget, async ({ body, response }) => {
      try {
        const done = await forget(body.externalId, options);
        await options.audit(response, 'forget', { ...done });
        return { ...done, outOfReach };
      } catch (error) {
        if (error instanceof StorageError)
          throw new ApiError('removal_not_stored', 'Nothing is forgotten yet.');
        throw error;
      }
    }),
    apiRoute(privacyEndpoints.trace, ({ body }) => trace(body.externalId, options)),
  ];
}
