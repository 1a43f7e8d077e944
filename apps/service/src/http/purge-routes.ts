import { type DeadLetterStore, type Journal, StorageError } from '@braze-mixpanel/storage';
import { z } from 'zod';
import type { Trail } from '../audit/audit-logger.ts';
import { purge } from '../events/dead-letters/purge.ts';
import { ApiError } from './api-error.ts';
import { type ApiRoute, apiRoute, endpoint } from './api-route.ts';
import type { FilterCheck } from './check-filter.ts';
import { filterOf, filterShape, filterWords } from './dead-letter-filter.ts';

export interface PurgeRoutesOptions {
  readonly store: Pick<DeadLetterStore, 'countBy' | 'remove'>;
  readonly journal: Pick<Journal, 'counts'>;
  readonly check: FilterCheck;
  readonly audit: Trail;
}

export const purgeEndpoints = {
  purge: endpoint({
    method: 'post',
    path: '/api/dead-letters/purge',
    summary: 'Deletes dead letters permanently; without "confirm":true it returns 409 with their number.',
    bodyLimit: '100kb',
    body: z
      .strictObject({
        ...filterShape,
        ids: z.array(z.unknown()).min(1).max(1_000).pipe(z.array(z.int().positive())).optional(),
        confirm: z.boolean().default(false),
      })
      .prefault({}),
    expected: `Expected a JSON object with "confirm":true and any of ${filterWords}, and ids (a list of at most 1000).`,
    answer: z.object({ purged: z.int() }),
    errors: ['unknown_connection', 'purge_unconfirmed', 'removal_not_stored'],
  }),
};

/**
 * `POST /api/dead-letters/purge`. Purged events count as skipped, `purged`. Without a filter it means all
 * dead letters, those of connections that are no longer configured too.
 */
export function purgeRoutes({ store, journal, check, audit }: PurgeRoutesOptions): ApiRoute[] {
  return [
    apiRoute(purgeEndpoints.purge, async ({ body: { confirm, ids, ...written }, response }) => {
      await check(written);
      const filter = filterOf(written);
      if (!confirm) {
        const counts = await store.countBy('reason', filter);
        const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
        throw new ApiError('purge_unconfirmed', `It would delete up to ${ids?.length ?? all}.`);
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
      const failed = failure !== undefined;
      await audit(response, 'dead_letters.purge', { ...written, ids, purged, failed });
      if (failed) throw new ApiError('removal_not_stored', `${purged} were already deleted.`);
      return { purged };
    }),
  ];
}
