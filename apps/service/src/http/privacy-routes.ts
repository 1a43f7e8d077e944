import { StorageError } from '@braze-mixpanel/storage';
import { z } from 'zod';
import type { Trail } from '../audit/audit-logger.ts';
import { type CohortErrorCode, cohortErrors } from '../errors/cohort-errors.ts';
import { type ForgetOptions, forget, forgottenSchema } from '../privacy/forget.ts';
import { outOfReach } from '../privacy/out-of-reach.ts';
import { type TraceOptions, trace, traceSchema } from '../privacy/trace.ts';
import { ApiError } from './api-error.ts';
import { type ApiRoute, apiRoute, endpoint } from './api-route.ts';

export interface PrivacyRoutesOptions extends ForgetOptions, TraceOptions {
  readonly cohorts: ForgetOptions['cohorts'] & TraceOptions['cohorts'];
  readonly journal: ForgetOptions['journal'] & TraceOptions['journal'];
  readonly deadLetters: ForgetOptions['deadLetters'] & TraceOptions['deadLetters'];
  readonly audit: Trail;
}

const externalId = z.string().min(1, { error: 'the ID is empty; expected an external ID of Braze' });

export const privacyEndpoints = {
  forget: endpoint({
    method: 'post',
    path: '/api/forget',
    summary:
      'Removes one user from everything stored here; returns what was removed, what remains, and what must be removed elsewhere.',
    bodyLimit: '1mb',
    body: z.strictObject({ externalId, confirm: z.literal(true) }),
    expected: 'Expected a JSON object {"externalId":"…","confirm":true}: the removal is permanent.',
    answer: forgottenSchema.extend({
      outOfReach: z.array(z.object({ where: z.string(), next: z.string() })).readonly(),
    }),
    errors: ['removal_not_stored'],
  }),
  trace: endpoint({
    method: 'post',
    path: '/api/trace',
    summary: "What happened to one user's events and cohort memberships; reads only.",
    bodyLimit: '1mb',
    body: z.strictObject({ externalId }),
    expected: 'Expected a JSON object {"externalId":"…"}.',
    answer: traceSchema,
    errors: Object.keys(cohortErrors) as CohortErrorCode[],
  }),
};

/**
 * Requests about one user. The ID is in the body because proxies log addresses. The audit log has an entry
 * for each attempt to forget a user, with a digest of the ID.
 */
export function privacyRoutes(options: PrivacyRoutesOptions): ApiRoute[] {
  return [
    apiRoute(privacyEndpoints.forget, async ({ body, response }) => {
      try {
        const done = await forget(body.externalId, options);
        await options.audit(response, 'forget', { ...done });
        return { ...done, outOfReach };
      } catch (error) {
        if (error instanceof StorageError) throw new ApiError('removal_not_stored', 'Nothing was removed.');
        throw error;
      }
    }),
    apiRoute(privacyEndpoints.trace, ({ body }) => trace(body.externalId, options)),
  ];
}
