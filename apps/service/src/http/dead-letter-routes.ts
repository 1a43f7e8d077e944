import { Router } from 'express';
import { z } from 'zod';
import { deadLetterJson } from '../dead-letters/dead-letter-json.ts';
import { pagesOf } from '../dead-letters/pages.ts';
import type { DeadLetterStore } from '../storage/types.ts';
import { answerError } from './answer.ts';

const whole = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const querySchema = z.strictObject({
  connection: z.string().optional(),
  reason: z.string().optional(),
  event_type: z.string().optional(),
  limit: whole.pipe(z.int().min(1).max(1_000)).prefault('100'),
  before: whole.optional(),
});
const expected =
  'Expected any of connection, reason, event_type, limit (1 to 1000, 100 when not given) and before (an id), each once.';

/**
 * `GET /api/dead-letters`: what could not be delivered, newest first, with the reason, the original and the mapped event where there is
 * one, both exactly as they were. `before=<id of the last one>` gives the next page; an answer may hold fewer than `limit` when
 * originals are big. `counts` is by reason, of the whole connection (or all) regardless of the other filters.
 */
export function deadLetterRoutes(store: DeadLetterStore): Router {
  const router = Router();
  router.get('/api/dead-letters', async (request, response) => {
    const query = querySchema.safeParse(request.query);
    if (!query.success) return answerError(response, 'request_malformed', expected);
    const { connection, reason, event_type: eventType, limit, before } = query.data;
    const letters = await pagesOf(store, {
      limit,
      ...(connection !== undefined && { connection }),
      ...(reason !== undefined && { reason }),
      ...(eventType !== undefined && { eventType }),
      ...(before !== undefined && { before }),
    });
    const counts = JSON.stringify(
      await store.countBy('reason', { ...(connection !== undefined && { connection }) }),
    );
    response
      .type('json')
      .send(`{"deadLetters":[${letters.map(deadLetterJson).join(',')}],"counts":${counts}}`);
  });
  return router;
}
