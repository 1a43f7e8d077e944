import { Router } from 'express';
import { z } from 'zod';
import type { ConnectionConfig } from '../config/config.ts';
import { type CompareOptions, compare } from '../reconcile/compare.ts';
import { CompareError } from '../reconcile/compare-error.ts';
import { answerError } from './answer.ts';
import { wrong } from './query.ts';

export interface CompareRoutesOptions extends CompareOptions {
  /** By name. */
  readonly connections: ReadonlyMap<string, ConnectionConfig>;
}

const mostDays = 31;
const querySchema = z
  .strictObject({
    connection: z.string().prefault('default'),
    from: z.iso.date(),
    to: z.iso.date(),
    event: z.string().min(1).optional(),
  })
  .refine(({ from, to }) => from <= to && Date.parse(to) - Date.parse(from) < mostDays * 86_400_000);
const expected = `Expected from and to (days such as 2026-01-31, at most ${mostDays} of them), and maybe connection and event, each once.`;

/**
 * `GET /api/compare?from=…&to=…`: per event and UTC day, what this service delivered beside what Mixpanel's raw export has. Reads; changes
 * nothing. Takes as long as the export does.
 */
export function compareRoutes({ connections, ...options }: CompareRoutesOptions): Router {
  const router = Router();
  router.get('/api/compare', async (request, response) => {
    const query = querySchema.safeParse(request.query);
    if (!query.success) return answerError(response, 'request_malformed', wrong(query.error, expected));
    const { connection: name, from, to, event } = query.data;
    const connection = connections.get(name);
    if (connection === undefined) return answerError(response, 'compare_unknown_connection');
    try {
      response.json(await compare(connection, { from, to, event }, options));
    } catch (error) {
      if (!(error instanceof CompareError)) throw error;
      answerError(response, error.code, error.detail);
    }
  });
  return router;
}
