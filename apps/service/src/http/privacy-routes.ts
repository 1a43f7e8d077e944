import { StorageError } from '@braze-mixpanel/storage';
import { z } from 'zod';
import type { Trail } from '../audit/audit-logger.ts';
import { type CohortErrorCode, cohortErrors } from '../errors/cohort-errors.ts';
import { digestOf, type ForgetOptions, forget, forgottenSchema } from '../privacy/forget.ts';
import { outOfReach } from '../privacy/out-of-reach.ts';
import type { Tombstones } from '../privacy/tombstones.ts';
import { type TraceOptions, trace, traceSchema } from '../privacy/trace.ts';
import { ApiError } from './api-error.ts';
import { type ApiRoute, apiRoute, endpoint } from './api-route.ts';

export interface PrivacyRoutesOptions extends ForgetOptions, TraceOptions {
  readonly cohorts: ForgetOptions['cohorts'] & TraceOptions['cohorts'];
  readonly journal: ForgetOptions['journal'] & TraceOptions['journal'];
  readonly deadLetters: ForgetOptions['deadLetters'] & TraceOptions['deadLetters'];
  readonly tombstones: Pick<Tombstones, 'add' | 'remove'>;
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
  lift: endpoint({
    method: 'post',
    path: '/api/forget/lift',
    summary: 'Removes the tombstone of a forgotten user who comes back: later events are delivered again.',
    bodyLimit: '1mb',
    body: z.strictObject({ externalId }),
    expected: 'Expected a JSON object {"externalId":"…"}.',
    answer: z.object({
      digest: z.string().describe('SHA-256 of the external ID, in hex, as in the audit log.'),
      lifted: z.boolean().describe('Whether there was a tombstone.'),
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
      const done = await forget(body.externalId, options).catch(notRemoved);
      await options.audit(response, 'forget', { ...done });
      return { ...done, outOfReach };
    }),
    apiRoute(privacyEndpoints.lift, async ({ body, response }) => {
      const lifted = await options.tombstones.remove(body.externalId).catch(notRemoved);
      const done = { digest: digestOf(body.externalId), lifted };
      await options.audit(response, 'forget.lift', done);
      return done;
    }),
    apiRoute(privacyEndpoints.trace, ({ body }) => trace(body.externalId, options)),
  ];
}

function notRemoved(error: unknown): never {
  if (error instanceof StorageError) throw new ApiError('removal_not_stored', 'Nothing was removed.');
  throw error;
}
