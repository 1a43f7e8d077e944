import { z } from 'zod';
import { type ApiRoute, apiRoute, endpoint } from './api-route.ts';

export const clockEndpoints = {
  read: endpoint({
    method: 'get',
    path: '/api/clock',
    summary:
      'The time of the clock that the service follows: that of CLOCK_URL, or else that of its machine.',
    answer: z.object({ now: z.iso.datetime() }).readonly(),
  }),
};

/** `GET /api/clock`. @param now milliseconds since 1970 */
export function clockRoutes(now: () => number): ApiRoute[] {
  return [apiRoute(clockEndpoints.read, async () => ({ now: new Date(now()).toISOString() }))];
}
