import type { DeadLetterStore } from '@braze-mixpanel/storage';
import { Router } from 'express';
import { z } from 'zod';
import { deadLetterJson } from '../events/dead-letters/dead-letter-json.ts';
import { explain } from '../events/dead-letters/explain.ts';
import { pagesOf } from '../events/dead-letters/pages.ts';
import { trial } from '../events/dead-letters/trial.ts';
import { answerError } from './answer.ts';
import { filterOf, filterShape, filterWords } from './dead-letter-filter.ts';
import { whole, wrong } from './query.ts';

const listSchema = z.strictObject({
  ...filterShape,
  limit: whole.pipe(z.int().min(1).max(1_000)).prefault('100'),
  before: whole.optional(),
});
const listExpected = `Expected any of ${filterWords}, limit (1 to 1000, 100 when not given) and before (an id), each once.`;

const countSchema = z.strictObject({
  ...filterShape,
  by: z.enum(['reason', 'event_type']).default('reason'),
});
const countExpected = `Expected any of ${filterWords}, and by (reason or event_type), each once.`;

export interface DeadLetterRoutesOptions {
  readonly store: Pick<DeadLetterStore, 'list' | 'get' | 'countBy'>;
  /** Today's mapping options of each configured connection, as stored with its batches. */
  readonly profiles: ReadonlyMap<string, string>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * `GET /api/dead-letters`: what could not be delivered, newest first, with the reason, the original and the mapped event where there is
 * one, both exactly as they were. `before=<id of the last one>` gives the next page; an answer may hold fewer than `limit` when
 * originals are big. `counts` is by reason, of the whole connection (or all) regardless of the other filters.
 *
 * `GET /api/dead-letters/counts`: how many there are of each reason, or `?by=event_type`; those without one stand under "".
 *
 * `GET /api/dead-letters/:id`: one of them, with what its reason means and what to do, and what a replay would make of it today.
 */
export function deadLetterRoutes({ store, profiles, now }: DeadLetterRoutesOptions): Router {
  const router = Router();
  router.get('/api/dead-letters', async (request, response) => {
    const query = listSchema.safeParse(request.query);
    if (!query.success) return answerError(response, 'request_malformed', wrong(query.error, listExpected));
    const { limit, before, ...written } = query.data;
    const { connection } = written;
    const letters = await pagesOf(store, {
      ...filterOf(written),
      limit,
      ...(before !== undefined && { before }),
    });
    const counts = await store.countBy('reason', filterOf({ connection }));
    response
      .type('json')
      .send(`{"deadLetters":[${letters.map(deadLetterJson).join(',')}],"counts":${JSON.stringify(counts)}}`);
  });

  router.get('/api/dead-letters/counts', async (request, response) => {
    const query = countSchema.safeParse(request.query);
    if (!query.success) return answerError(response, 'request_malformed', wrong(query.error, countExpected));
    const { by, ...written } = query.data;
    const field = by === 'reason' ? 'reason' : 'eventType';
    response.json({ counts: await store.countBy(field, filterOf(written)) });
  });

  router.get('/api/dead-letters/:id', async (request, response) => {
    const id = whole.safeParse(request.params.id);
    const letter = id.success ? await store.get(id.data) : undefined;
    if (letter === undefined) return answerError(response, 'dead_letter_unknown');
    const profile = profiles.get(letter.connection);
    const today = profile === undefined ? null : trial(JSON.parse(letter.original), profile, now());
    const more = JSON.stringify({ explanation: explain(letter.reason) ?? null, today });
    response.type('json').send(`${deadLetterJson(letter).slice(0, -1)},${more.slice(1)}`);
  });
  return router;
}
