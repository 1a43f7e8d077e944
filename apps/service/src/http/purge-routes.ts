import { type DeadLetterStore, type Journal, StorageError } from '@braze-mixpanel/storage';
import { json, Router } from 'express';
import { z } from 'zod';
import type { Trail } from '../audit/audit-logger.ts';
import { purge } from '../events/dead-letters/purge.ts';
import { answerError } from './answer.ts';
import { filterOf, filterShape, filterWords } from './dead-letter-filter.ts';
import { wrong } from './query.ts';

export interface PurgeRoutesOptions {
  readonly store: Pick<DeadLetterStore, 'countBy' | 'remove'>;
  readonly journal: Pick<Journal, 'counts'>;
  readonly audit: Trail;
}

const bodySchema = z
  .strictObject({
    ...filterShape,
    ids: z.array(z.unknown()).min(1).max(1_000).pipe(z.array(z.int().positive())).optional(),
    confirm: z.boolean().default(false),
  })
  .prefault({});
const expected = `Expected a JSON object with "confirm":true and any of ${filterWords}, and ids (a list of at most 1000).`;

/**
 * `POST /api/dead-letters/purge`: ends dead letters for good; their events count as skipped, `purged`, from then on. Without
 * `"confirm":true` nothing is ended, and the answer (409) says how many would be. Without a filter it means all, those of
 * connections that are no longer configured too.
 */
export function purgeRoutes({ store, journal, audit }: PurgeRoutesOptions): Router {
  const router = Router();
  router
    .route('/api/dead-letters/purge')
    .post(json({ type: () => true, limit: '100kb' }), async (request, response) => {
      const asked = bodySchema.safeParse(request.body);
      if (!asked.success) return answerError(response, 'request_malformed', wrong(asked.error, expected));
      const { confirm, ids, ...written } = asked.data;
      const filter = filterOf(written);
      if (!confirm) {
        const counts = await store.countBy('reason', filter);
        const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
        return answerError(
          response,
          'purge_unconfirmed',
          `This one would end ${ids?.length ?? all} at most.`,
        );
      }
      let purged = 0;
      let failure: StorageError | undefined;
      try {
        for (const connection of Object.keys(await journal.counts())) {
          if (filter.connection !== undefined && filter.connection !== connection) continue;
          const chosen = { ...filter, connection, ...(ids !== undefined && { ids }) };
          await purge(store, { ...chosen, skippedAs: 'purged' }, count => {
            purged += count;
          });
        }
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
        failure = error;
      }
      await audit(response, 'dead_letters.purge', { ...written, ids, purged, failed: failure !== undefined });
      if (failure === undefined) response.json({ purged });
      else answerError(response, 'removal_not_stored', `${purged} were ended before.`);
    })
    .all((_request, response) => answerError(response.set('Allow', 'POST'), 'method_not_allowed'));
  return router;
}
