import type { MetricHistory } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { pointSchema, recordedPoints } from '../observability/history/figures.ts';
import { keptMs } from '../observability/history/metric-recorder.ts';
import { ApiError } from './api-error.ts';
import { type ApiRoute, apiRoute, endpoint } from './api-route.ts';

export interface HistoryRoutesOptions {
  readonly history: Pick<MetricHistory, 'list'>;
  /** Names of connections and of their queues of back-filled events. */
  readonly connections: { has(name: string): boolean };
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const historyEndpoints = {
  history: endpoint({
    method: 'get',
    path: '/api/history',
    summary:
      'Figures of a connection by minute (of the last 6 hours) or hour (of the last 14 days), for charts. A span that was not recorded is absent.',
    query: z.strictObject({
      connection: z.string().prefault('default'),
      by: z.enum(['minute', 'hour']).prefault('minute'),
    }),
    expected: 'Expected any of connection and by (minute or hour), each once.',
    answer: z
      .object({ connection: z.string(), by: z.enum(['minute', 'hour']), points: z.array(pointSchema) })
      .readonly(),
    errors: ['unknown_connection'],
  }),
};

/** `GET /api/history`: charts without Prometheus. */
export function historyRoutes({ history, connections, now }: HistoryRoutesOptions): ApiRoute[] {
  return [
    apiRoute(historyEndpoints.history, async ({ query: { connection, by } }) => {
      if (!connections.has(connection)) throw new ApiError('unknown_connection');
      const until = now();
      const span = { connection, length: by, from: until - keptMs[by], until };
      const points = await recordedPoints(history, span);
      return { connection, by, points };
    }),
  ];
}
