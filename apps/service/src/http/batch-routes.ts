import type { Journal } from '@braze-mixpanel/storage';
import { z } from 'zod';
import type { Trail } from '../audit/audit-logger.ts';
import { connectionOfQueue } from '../backfill/backfill-queue.ts';
import type { EpochMs } from '../clock/index.ts';
import type { RetryNow } from '../events/delivery/connection-delivery.ts';
import { limitWords, pageLimit, whole } from '../paging.ts';
import { type ApiRoute, apiRoute, endpoint } from './api-route.ts';
import type { FilterCheck } from './check-filter.ts';

export interface BatchRoutesOptions {
  /** Sends what waits of a queue at once; `undefined` for one that is not configured. */
  readonly retryNow: (queue: string) => Promise<RetryNow> | undefined;
  readonly now: () => EpochMs;
  readonly journal: Pick<Journal, 'counts' | 'quarantined' | 'readmit'>;
  readonly check: FilterCheck;
  /** Called when a connection has released batches to deliver. */
  readonly onReleased: (connection: string) => void;
  readonly audit: Trail;
}

const batchSchema = z.looseObject({
  ...{ id: z.int(), connection: z.string(), receivedAt: z.string(), events: z.int(), bytes: z.int() },
});

const retriedSchema = z.object({
  outcome: z
    .enum(['retrying', 'sending', 'waits', 'held', 'nothing_waits', 'not_configured'])
    .describe(
      '`retrying`: it is sent now. `sending`: a request is in flight already. `waits`: Mixpanel asked for a wait, which stays.',
    ),
  at: z.string().nullable().describe('When it is sent, for `waits`; otherwise `null`.'),
  inMs: z.number().nullable().describe('Milliseconds until then.'),
});

export const batchEndpoints = {
  list: endpoint({
    method: 'get',
    path: '/api/batches/quarantined',
    summary: 'Quarantined batches by ID; after=<id of the last one> gives the next page.',
    query: z.strictObject({
      connection: z.string().optional(),
      limit: pageLimit,
      after: whole.prefault('0'),
    }),
    expected: `Expected any of connection, ${limitWords} and after (an ID), each once.`,
    answer: z.object({ batches: z.array(batchSchema) }),
    errors: ['unknown_connection'],
  }),
  release: endpoint({
    method: 'post',
    path: '/api/batches/release',
    summary: 'Returns quarantined batches to the queue: all, those of a connection, or these IDs.',
    bodyLimit: '100kb',
    body: z
      .strictObject({
        connection: z.string().optional(),
        ids: z.array(z.int().positive()).min(1).max(1_000).optional(),
      })
      .prefault({}),
    expected: 'Expected a JSON object with any of connection and ids (a list of at most 1000 whole numbers).',
    answer: z.object({ released: z.int() }),
    errors: ['unknown_connection'],
  }),
  retry: endpoint({
    method: 'post',
    path: '/api/batches/retry',
    summary:
      'Sends batches that wait after a failure at once, unless Mixpanel asked for the wait or a request is in flight.',
    bodyLimit: '10kb',
    body: z.strictObject({ connection: z.string().optional() }).prefault({}),
    expected: 'Expected a JSON object with connection, or without: all of them.',
    answer: z.object({ connections: z.record(z.string(), retriedSchema) }),
    errors: ['unknown_connection'],
  }),
};

/**
 * Quarantined batches, and those that wait after a failure.
 *
 * Batches in quarantine: those that were leased at three crashes of the process. Their bodies are not read,
 * since they may have caused the crashes. A released batch is delivered like any other, so a cause that is
 * still there quarantines it again.
 */
export function batchRoutes(options: BatchRoutesOptions): ApiRoute[] {
  const { journal, check, onReleased, retryNow, now, audit } = options;
  const named = async (connection: string | undefined) =>
    Object.keys(await journal.counts()).filter(name => connection === undefined || name === connection);

  return [
    apiRoute(batchEndpoints.list, async ({ query: { connection, limit, after } }) => {
      await check({ connection });
      const names = await named(connection);
      const pages = await Promise.all(
        names.map(name => journal.quarantined({ connection: name, after, limit })),
      );
      const batches = pages
        .flat()
        .sort((a, b) => a.id - b.id)
        .slice(0, limit)
        .map(({ receivedAt, ...batch }) => ({ ...batch, receivedAt: new Date(receivedAt).toISOString() }));
      return { batches };
    }),
    apiRoute(batchEndpoints.release, async ({ body: { connection, ids }, response }) => {
      await check({ connection });
      let released = 0;
      for (const name of await named(connection)) {
        const readmitted = await journal.readmit(name, ids);
        released += readmitted.length;
        if (readmitted.length > 0) onReleased(name);
      }
      await audit(response, 'batches.release', { connection, ids, released });
      return { released };
    }),
    apiRoute(batchEndpoints.retry, async ({ body: { connection }, response }) => {
      await check({ connection });
      const connections: Record<string, z.input<typeof retriedSchema>> = {};
      for (const [name, counts] of Object.entries(await journal.counts())) {
        if (connection !== undefined && connectionOfQueue(name) !== connection) continue;
        const waits = counts.pending - counts.held - counts.quarantined > 0;
        const retried = waits ? await retryNow(name) : undefined;
        const forMs = retried?.outcome === 'waits' ? retried.forMs : null;
        connections[name] = {
          outcome: retried?.outcome ?? (waits ? 'not_configured' : 'nothing_waits'),
          at: forMs === null ? null : new Date(now() + forMs).toISOString(),
          inMs: forMs,
        };
      }
      const outcomes = Object.fromEntries(
        Object.entries(connections).map(([name, { outcome }]) => [name, outcome]),
      );
      await audit(response, 'batches.retry', { connection, outcomes });
      return { connections };
    }),
  ];
}
