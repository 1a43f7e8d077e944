import { z } from 'zod';
import type { IdObserver } from '../events/ids/id-observer.ts';
import { idReport, idReportSchema } from '../events/ids/id-report.ts';
import { type ApiRoute, apiRoute, endpoint } from './api-route.ts';

const identityEndpoints = {
  ids: endpoint({
    method: 'get',
    path: '/api/identity',
    summary:
      'The user IDs of delivered events, by connection and day: the most frequent ones, and a random sample.',
    answer: z.object({ connections: z.record(z.string(), idReportSchema) }),
  }),
};

/** `GET /api/identity`: what `doctor` compares with the profiles in Mixpanel. */
export function identityRoutes(
  connections: Iterable<string>,
  ids: Pick<IdObserver, 'summaries'>,
): ApiRoute[] {
  const names = [...connections];
  return [
    apiRoute(identityEndpoints.ids, async () => {
      const reports = names.map(async name => [name, idReport(await ids.summaries(name))] as const);
      return { connections: Object.fromEntries(await Promise.all(reports)) };
    }),
  ];
}
