import type { AuditLog } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { newestFirst, newestFirstWords } from '../paging.ts';
import { type ApiRoute, apiRoute, endpoint } from './api-route.ts';

const detailSchema = z.record(z.string(), z.unknown());

export const auditEndpoints = {
  list: endpoint({
    method: 'get',
    path: '/api/audit',
    summary: 'Entries of the audit log, newest first; before=<id of the last one> gives the next page.',
    query: z.strictObject(newestFirst),
    expected: `Expected any of ${newestFirstWords}, each once.`,
    answer: z.object({
      entries: z.array(
        z.object({
          id: z.int(),
          at: z.string(),
          actor: z.string(),
          action: z.string(),
          detail: detailSchema,
        }),
      ),
    }),
  }),
};

/** `GET /api/audit`: replays, purges, forgotten users and changes of cohort syncs. */
export function auditRoutes(log: Pick<AuditLog, 'list'>): ApiRoute[] {
  return [
    apiRoute(auditEndpoints.list, async ({ query: { limit, before } }) => {
      const entries = await log.list({ limit, before });
      return {
        entries: entries.map(({ id, at, actor, action, detail }) => ({
          ...{ id, at: new Date(at).toISOString(), actor, action },
          detail: detailSchema.parse(JSON.parse(detail)),
        })),
      };
    }),
  ];
}
