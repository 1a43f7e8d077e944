import type { AuditLog } from '@braze-mixpanel/storage';
import { Router } from 'express';
import { z } from 'zod';
import { answerError } from './answer.ts';
import { whole, wrong } from './query.ts';

const querySchema = z.strictObject({
  limit: whole.pipe(z.int().min(1).max(1_000)).prefault('100'),
  before: whole.optional(),
});
const expected = 'Expected any of limit (1 to 1000, 100 when not given) and before (an id), each once.';

/** `GET /api/audit`: who replayed, purged, forgot, or changed cohort syncs, newest first; `before=<id of the last one>` gives the next page. */
export function auditRoutes(log: Pick<AuditLog, 'list'>): Router {
  const router = Router();
  router.get('/api/audit', async (request, response) => {
    const query = querySchema.safeParse(request.query);
    if (!query.success) return answerError(response, 'request_malformed', wrong(query.error, expected));
    const { limit, before } = query.data;
    const entries = await log.list({ before, limit });
    response.json({
      entries: entries.map(({ id, at, actor, action, detail }) => ({
        ...{ id, at: new Date(at).toISOString(), actor, action },
        detail: JSON.parse(detail) as unknown,
      })),
    });
  });
  return router;
}
