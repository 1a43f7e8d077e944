/** `/api/cohorts`: cohort syncs. An ID is the cohort's in Mixpanel, or `<connection>:<cohort>`. */
import { cohortIdPattern } from '@braze-mixpanel/core/mixpanel';
import ms from 'ms';
import { z } from 'zod';
import type { Trail } from '../audit/audit-logger.ts';
import type { CohortApi } from '../cohorts/cohort-api.ts';
import { syncSchema } from '../cohorts/syncs/sync-json.ts';
import { type ApiRoute, apiRoute } from './api-route.ts';

const interval = z
  .string()
  .transform(text => (/^\d+(\.\d+)?\s*[a-z]+$/i.test(text) ? ms(text as ms.StringValue) : undefined))
  .refine(
    value => value !== undefined && value >= 60_000,
    'expected a duration of 1m or more, for example "2h"',
  );

const source = z.enum(['query', 'webhook']);
const createSchema = z.strictObject({
  cohort: z
    .union([z.string(), z.number()])
    .transform(String)
    .pipe(z.string().regex(cohortIdPattern, { error: 'expected digits, at most 20' })),
  mode: z.enum(['dynamic', 'one-time']).default('dynamic'),
  connection: z.string().default('default'),
  source: source.optional(),
  sink: z.enum(['partner', 'track']).optional(),
  interval: interval.optional(),
  start: z.boolean().default(true),
});

const limit = z.coerce.number().int().min(1).max(1_000).default(100);
const bodyLimit = '10kb';
const malformed = 'sync_request_malformed';
/** Refusals of every route: the replica that runs the syncs is unknown, unreachable or stopping, or the sync is unknown. */
const everywhere = ['sync_unknown', 'cohort_stopping', 'cohort_replica_away', 'cohort_storage'] as const;
const runSchema = z.looseObject({
  id: z.int(),
  trigger: z.string(),
  startedAt: z.iso.datetime(),
  outcome: z.string(),
});
const dryRunSchema = z.looseObject({ adds: z.int(), removes: z.int(), requests: z.int(), held: z.boolean() });

export function cohortRoutes(cohorts: CohortApi, audit: Trail): ApiRoute[] {
  const change = (
    verb: 'start' | 'pause' | 'run' | 'confirm',
    summary: string,
    act: (id: string) => ReturnType<CohortApi['find']>,
    more: Pick<ApiRoute, 'status' | 'errors'> = {},
  ) =>
    apiRoute({
      method: 'post',
      path: `/api/cohorts/:id/${verb}`,
      summary,
      answer: syncSchema,
      ...{ malformed, ...more, errors: [...everywhere, ...(more.errors ?? [])] },
      async handle({ id, response }) {
        const sync = await act(id);
        await audit(response, `cohort.${verb}`, { id: sync.id });
        return sync;
      },
    });

  return [
    apiRoute({
      method: 'get',
      path: '/api/cohorts',
      summary: 'Every cohort sync with its state.',
      answer: z.object({ cohorts: z.array(syncSchema) }),
      errors: everywhere,
      handle: async () => ({ cohorts: await cohorts.list() }),
    }),
    apiRoute({
      method: 'post',
      path: '/api/cohorts',
      summary: 'Creates a sync; with start=false it begins paused.',
      ...{ bodyLimit, malformed, body: createSchema, status: 201, answer: syncSchema },
      errors: [
        ...everywhere,
        ...([
          'sync_exists',
          'sync_unknown_connection',
          'query_not_configured',
          'schedule_impossible',
        ] as const),
      ],
      async handle({ body: { cohort, connection, interval: intervalMs, start, ...rest }, response }) {
        const created = await cohorts.create(connection, { id: cohort, intervalMs, ...rest }, { start });
        await audit(response, 'cohort.create', { id: created.id, start });
        return created;
      },
    }),
    apiRoute({
      method: 'get',
      path: '/api/cohorts/:id',
      summary: 'One sync.',
      answer: syncSchema,
      errors: everywhere,
      handle: ({ id }) => cohorts.find(id),
    }),
    apiRoute({
      method: 'delete',
      path: '/api/cohorts/:id',
      summary: 'Removes the sync; its members stay in Braze.',
      ...{ status: 204, answer: null, errors: everywhere },
      async handle({ id, response }) {
        await cohorts.remove(id);
        await audit(response, 'cohort.delete', { id });
      },
    }),
    apiRoute({
      method: 'delete',
      path: '/api/cohort-documents/:id',
      summary: 'Discards a damaged stored document, by the name in `cohort_document_damaged`.',
      ...{ status: 204, answer: null, errors: [...everywhere, 'cohort_document_intact'] },
      async handle({ id, response }) {
        await cohorts.discard(id);
        await audit(response, 'cohort.discard', { id });
      },
    }),
    change('start', 'Resumes after a pause, or runs a one-time sync again.', id => cohorts.resume(id)),
    change('pause', 'Stops sending; pushed pages are still stored.', id => cohorts.pause(id)),
    change('run', 'Runs now, regardless of the schedule.', id => cohorts.run(id), { status: 202 }),
    change('confirm', 'Applies the change that the safety stop holds.', id => cohorts.confirm(id), {
      status: 202,
      errors: ['nothing_held'],
    }),
    apiRoute({
      method: 'post',
      path: '/api/cohorts/:id/source',
      summary: 'Changes where the members come from.',
      ...{ bodyLimit, malformed, body: z.strictObject({ source }), answer: syncSchema },
      errors: [...everywhere, 'query_not_configured', 'schedule_impossible'],
      async handle({ id, body: { source }, response }) {
        const sync = await cohorts.setSource(id, source);
        await audit(response, 'cohort.source', { id: sync.id, source });
        return sync;
      },
    }),
    apiRoute({
      method: 'post',
      path: '/api/cohorts/:id/dry-run',
      summary: 'What a run would send and cost; with resend=true, as a full send. Nothing is sent.',
      query: z.object({ resend: z.enum(['true', 'false']).default('false') }),
      ...{ malformed, answer: dryRunSchema },
      errors: [...everywhere, 'query_not_configured', 'mixpanel_query_failed', 'mixpanel_query_throttled'],
      handle: ({ id, query: { resend } }) => cohorts.dryRun(id, resend === 'true'),
    }),
    apiRoute({
      method: 'get',
      path: '/api/cohorts/:id/history',
      summary: 'Runs, newest first; before=<id of the last one> gives the next page.',
      query: z.object({ limit, before: z.coerce.number().int().positive().optional() }),
      ...{ malformed, answer: z.object({ runs: z.array(runSchema) }), errors: everywhere },
      handle: async ({ id, query }) => ({ runs: await cohorts.history(id, query) }),
    }),
    apiRoute({
      method: 'get',
      path: '/api/cohorts/:id/unmatched',
      summary:
        'Distinct IDs of members that match no user in Braze; after=<the last one> gives the next page.',
      query: z.object({ limit, after: z.string().optional() }),
      ...{ malformed, answer: z.object({ unmatched: z.array(z.string()) }), errors: everywhere },
      handle: async ({ id, query }) => ({ unmatched: await cohorts.unmatched(id, query) }),
    }),
  ];
}
