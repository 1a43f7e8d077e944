import { StorageError } from '@braze-mixpanel/storage';
import { json, Router } from 'express';
import { z } from 'zod';
import type { Trail } from '../audit/audit-logger.ts';
import { CohortError } from '../cohorts/cohort-error.ts';
import { type ForgetOptions, forget } from '../privacy/forget.ts';
import { outOfReach } from '../privacy/out-of-reach.ts';
import { type TraceOptions, trace } from '../privacy/trace.ts';
import { answerError } from './answer.ts';
import { wrong } from './query.ts';

export interface PrivacyRoutesOptions extends ForgetOptions, TraceOptions {
  readonly cohorts: ForgetOptions['cohorts'] & TraceOptions['cohorts'];
  readonly journal: ForgetOptions['journal'] & TraceOptions['journal'];
  readonly deadLetters: ForgetOptions['deadLetters'] & TraceOptions['deadLetters'];
  readonly audit: Trail;
}

const noId = 'the id of a user is empty; expected an external id of Braze';
const bodySchema = z.strictObject({
  externalId: z.string().min(1, { error: noId }),
  confirm: z.literal(true),
});
const expected =
  'Expected a JSON object {"externalId":"…","confirm":true}: what is forgotten does not come back.';

const traceSchema = z.strictObject({ externalId: z.string().min(1, { error: noId }) });
const expectedOfTrace = 'Expected a JSON object {"externalId":"…"}.';

/**
 * `POST /api/forget`: takes one user out of everything that is stored here, and says what was taken, what is left (`complete` is false
 * then) and what this service can't reach. The audit log has an entry whenever anything was tried.
 *
 * `POST /api/trace`: what became of one user's events and cohort memberships. It only reads; the id is in the body because proxies log
 * addresses.
 */
export function privacyRoutes(options: PrivacyRoutesOptions): Router {
  const router = Router();
  router
    .route('/api/forget')
    .post(json({ type: () => true, limit: '1mb' }), async (request, response) => {
      const asked = bodySchema.safeParse(request.body);
      if (!asked.success) return answerError(response, 'request_malformed', wrong(asked.error, expected));
      try {
        const forgotten = await forget(asked.data.externalId, options);
        await options.audit(response, 'forget', { ...forgotten });
        response.json({ ...forgotten, outOfReach });
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
        answerError(response, 'removal_not_stored', 'Nothing is forgotten yet.');
      }
    })
    .all((_request, response) => answerError(response.set('Allow', 'POST'), 'method_not_allowed'));

  router
    .route('/api/trace')
    .post(json({ type: () => true, limit: '1mb' }), async (request, response) => {
      const asked = traceSchema.safeParse(request.body);
      if (!asked.success)
        return answerError(response, 'request_malformed', wrong(asked.error, expectedOfTrace));
      try {
        response.json(await trace(asked.data.externalId, options));
      } catch (error) {
        if (!(error instanceof CohortError)) throw error;
        answerError(response, error.code, error.detail || undefined);
      }
    })
    .all((_request, response) => answerError(response.set('Allow', 'POST'), 'method_not_allowed'));
  return router;
}
