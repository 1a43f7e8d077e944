import type { Journal } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { day, ofAtMostDays } from '../clock/day-span.ts';
import type { ConnectionConfig } from '../config/config.ts';
import { costSchema, estimateCost } from '../reconcile/cost.ts';
import { dayOf } from '../reconcile/exports.ts';
import { ApiError } from './api-error.ts';
import { type ApiRoute, apiRoute, endpoint } from './api-route.ts';
import { refuseDaysAhead } from './refuse-days-ahead.ts';

export interface CostRoutesOptions {
  readonly journal: Pick<Journal, 'dayCounts'>;
  /** By name. */
  readonly connections: ReadonlyMap<string, ConnectionConfig>;
  readonly pricePerMillion: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const mostDays = 400;

export const costEndpoints = {
  cost: endpoint({
    method: 'get',
    path: '/api/cost',
    summary: 'Estimates what a month of each event costs in Mixpanel, from the counts of a period.',
    query: z
      .strictObject({
        connection: z.string().prefault('default'),
        from: day,
        to: day,
      })
      .refine(...ofAtMostDays(mostDays)),
    expected: `Expected from and to (days such as 2026-01-31, at most ${mostDays} of them), and optionally connection, each once.`,
    answer: costSchema,
    errors: ['unknown_connection'],
  }),
};

/** `GET /api/cost`: it reads the service's own counts alone. */
export function costRoutes({ journal, connections, pricePerMillion, now }: CostRoutesOptions): ApiRoute[] {
  return [
    apiRoute(costEndpoints.cost, async ({ query: { connection: name, from, to } }) => {
      const connection = connections.get(name);
      if (connection === undefined) throw new ApiError('unknown_connection');
      refuseDaysAhead(from, dayOf(now()));
      const counts = await journal.dayCounts({ connection: name, from, to });
      return estimateCost(counts, {
        ...{ connection: name, to, pricePerMillion },
        shadow: connection.currents.shadow,
      });
    }),
  ];
}
