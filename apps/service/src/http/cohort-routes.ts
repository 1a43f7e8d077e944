/**
 * `/api/cohorts`: syncs of cohorts, for people and programs. Behind the guard of `/api`.
 *
 * ```
 * GET    /api/cohorts                  {"cohorts":[…]}
 * POST   /api/cohorts                  {"cohort":"12345","mode":"dynamic"} → 201; with "start":false it begins paused
 * GET    /api/cohorts/:id              one of them; an id is the cohort's, or <connection>:<cohort>
 * DELETE /api/cohorts/:id              forgets the sync; Braze keeps the members → 204
 * POST   /api/cohorts/:id/start        goes on after a pause, or once more after a one-time sync
 * POST   /api/cohorts/:id/pause
 * POST   /api/cohorts/:id/run          now, whatever the schedule says → 202
 * POST   /api/cohorts/:id/confirm      applies what the safety stop holds → 202
 * POST   /api/cohorts/:id/source       {"source":"query"} or "webhook": where its members come from
 * POST   /api/cohorts/:id/dry-run      what a run would send; ?resend=true as a full send
 * GET    /api/cohorts/:id/history      {"runs":[…]}, newest first; ?limit=&before=
 * GET    /api/cohorts/:id/unmatched    {"unmatched":["distinct id",…]}; ?limit=&after=
 * ```
 */
import { cohortIdPattern } from '@braze-mixpanel/core/mixpanel';
import { json, type Request, type Response, Router } from 'express';
import ms from 'ms';
import { z } from 'zod';
import type { Trail } from '../audit/audit-logger.ts';
import type { CohortApi } from '../cohorts/cohort-api.ts';
import { CohortError } from '../cohorts/cohort-error.ts';
import { answerError } from './answer.ts';
import { wrong } from './query.ts';

const interval = z
  .string()
  .transform(text => (/^\d+(\.\d+)?\s*[a-z]+$/i.test(text) ? ms(text as ms.StringValue) : undefined))
  .refine(
    value => value !== undefined && value >= 60_000,
    'expected a duration of 1m or more, for example "2h"',
  );

const source = z.enum(['query', 'webhook']);
const sourceSchema = z.strictObject({ source });
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
const historyQuery = z.object({ limit, before: z.coerce.number().int().positive().optional() });
const unmatchedQuery = z.object({ limit, after: z.string().optional() });
const dryRunQuery = z.object({ resend: z.enum(['true', 'false']).default('false') });

export function cohortRoutes(cohorts: CohortApi, audit: Trail): Router {
  const router = Router();
  const at = '/api/cohorts/:id';

  router.get(
    '/api/cohorts',
    answering(async (_request, response) => response.json({ cohorts: await cohorts.list() })),
  );
  router.post(
    '/api/cohorts',
    json({ type: () => true, limit: '10kb' }),
    answering(async (request, response) => {
      const { cohort, connection, interval: intervalMs, start, ...rest } = parsed(createSchema, request.body);
      const created = await cohorts.create(connection, { id: cohort, intervalMs, ...rest }, { start });
      await audit(response, 'cohort.create', { id: created.id, start });
      response.status(201).json(created);
    }),
  );
  router.get(
    at,
    answering(async (request, response) => response.json(await cohorts.find(idOf(request)))),
  );
  router.delete(
    at,
    answering(async (request, response) => {
      await cohorts.remove(idOf(request));
      await audit(response, 'cohort.delete', { id: idOf(request) });
      response.status(204).end();
    }),
  );
  const verbs = {
    start: { status: 200, act: (id: string) => cohorts.resume(id) },
    pause: { status: 200, act: (id: string) => cohorts.pause(id) },
    run: { status: 202, act: (id: string) => cohorts.run(id) },
    confirm: { status: 202, act: (id: string) => cohorts.confirm(id) },
  };
  for (const verb of ['start', 'pause', 'run', 'confirm'] as const)
    router.post(
      `${at}/${verb}`,
      answering(async (request, response) => {
        const { status, act } = verbs[verb];
        const sync = await act(idOf(request));
        await audit(response, `cohort.${verb}`, { id: sync.id });
        response.status(status).json(sync);
      }),
    );
  router.post(
    `${at}/source`,
    json({ type: () => true, limit: '10kb' }),
    answering(async (request, response) => {
      const { source } = parsed(sourceSchema, request.body);
      const sync = await cohorts.setSource(idOf(request), source);
      await audit(response, 'cohort.source', { id: sync.id, source });
      response.json(sync);
    }),
  );
  router.post(
    `${at}/dry-run`,
    answering(async (request, response) => {
      const { resend } = parsed(dryRunQuery, request.query);
      response.json(await cohorts.dryRun(idOf(request), resend === 'true'));
    }),
  );
  router.get(
    `${at}/history`,
    answering(async (request, response) => {
      const query = parsed(historyQuery, request.query);
      response.json({ runs: await cohorts.history(idOf(request), query) });
    }),
  );
  router.get(
    `${at}/unmatched`,
    answering(async (request, response) => {
      const query = parsed(unmatchedQuery, request.query);
      response.json({ unmatched: await cohorts.unmatched(idOf(request), query) });
    }),
  );
  return router;
}

const idOf = (request: Request): string => String(request.params.id);

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  throw new CohortError({ code: 'sync_request_malformed', detail: wrong(result.error) });
}

/** Failures of a request are entries of the catalogue; anything else goes to the application's own handler. */
function answering(handle: (request: Request, response: Response) => Promise<unknown>) {
  return async (request: Request, response: Response): Promise<void> => {
    try {
      await handle(request, response);
    } catch (error) {
      if (!(error instanceof CohortError)) throw error;
      answerError(response, error.code, error.detail || undefined);
    }
  };
}
