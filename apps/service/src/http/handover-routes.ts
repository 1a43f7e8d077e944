import { json, Router } from 'express';
import { z } from 'zod';
import type { Trail } from '../audit/audit-logger.ts';
import type { ConnectionConfig } from '../config/config.ts';
import { CompareError } from '../reconcile/compare-error.ts';
import { type HandoverOptions, handOver } from '../reconcile/cut-over.ts';
import { answerError } from './answer.ts';

export interface HandoverRoutesOptions extends Omit<HandoverOptions, 'dryRun'> {
  /** By name. */
  readonly connections: ReadonlyMap<string, ConnectionConfig>;
  readonly audit: Trail;
}

const bodySchema = z
  .strictObject({ connection: z.string().default('default'), confirm: z.boolean().default(false) })
  .prefault({});
const expected = 'Expected a JSON object with connection and confirm, each if need be.';

/**
 * `POST /api/handover`: takes out of a held backlog what Mixpanel has from another sender. Without `"confirm":true` it only says what it
 * would take. Takes as long as the raw export does.
 */
export function handoverRoutes({ connections, audit, ...options }: HandoverRoutesOptions): Router {
  const router = Router();
  router
    .route('/api/handover')
    .post(json({ type: () => true, limit: '10kb' }), async (request, response) => {
      const asked = bodySchema.safeParse(request.body);
      if (!asked.success) return answerError(response, 'request_malformed', expected);
      const connection = connections.get(asked.data.connection);
      if (connection === undefined) return answerError(response, 'compare_unknown_connection');
      if (!connection.held) return answerError(response, 'handover_not_held');
      const dryRun = !asked.data.confirm;
      try {
        const handover = await handOver(connection, { ...options, dryRun });
        if (!dryRun) await audit(response, 'handover', { ...handover });
        response.json(handover);
      } catch (error) {
        if (!(error instanceof CompareError)) throw error;
        answerError(response, error.code, error.detail);
      }
    })
    .all((_request, response) => answerError(response.set('Allow', 'POST'), 'method_not_allowed'));
  return router;
}
