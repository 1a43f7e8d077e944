import { type CheckedInput, checkInput, faultSentences } from '@braze-mixpanel/core/input';
import { json, Router } from 'express';
import { z } from 'zod';
import { CohortError } from '../cohorts/cohort-error.ts';
import { LookupTablesError } from '../lookup-tables/lookup-tables-error.ts';
import { CompareError } from '../reconcile/compare-error.ts';
import { answerError, onlyMethods } from './answer.ts';
import { ApiError } from './api-error.ts';
import type { ApiRoute } from './api-route.ts';
import { checkQuery } from './query.ts';

/**
 * The routes, fixed paths before those with an ID: `/api/dead-letters/purge` is no dead letter. A path answers
 * 405 to methods that it does not have.
 */
export function apiRouter(routes: readonly ApiRoute[]): Router {
  const router = Router();
  const hasId = ({ path }: ApiRoute) => path.includes(':');
  const ordered = [...routes.filter(each => !hasId(each)), ...routes.filter(hasId)];
  for (const [index, route] of ordered.entries()) {
    const { method, path, bodyLimit, deprecatedPaths = [] } = route;
    const at = router.route([path, ...deprecatedPaths]);
    if (bodyLimit !== undefined) at.post(json({ type: () => true, limit: bodyLimit, strict: false }));
    at[method](async (request, response) => {
      if (request.path !== path && deprecatedPaths.some(each => each === request.path))
        response.set({ Deprecation: 'true', Link: `<${path}>; rel="successor-version"` });
      try {
        const id = String(request.params.id);
        const query = valid(checkQuery(route.query, request.query), 'The query', expectedQuery(route));
        const body = valid(checkInput(route.body ?? z.unknown(), request.body), 'The body', route.expected);
        const answer = await route.handle({ id, query, body, response });
        response.status(route.status ?? 200);
        if (route.status === 204) response.end();
        else if (typeof answer === 'string') response.type('json').send(answer);
        else response.json(answer);
      } catch (error) {
        if (error instanceof LookupTablesError) return answerError(response, error.code);
        if (!(error instanceof ApiError || error instanceof CompareError || error instanceof CohortError))
          throw error;
        answerError(response, error.code, error.detail);
      }
    });
    const isLast = ordered.findLastIndex(each => each.path === path) === index;
    if (isLast) at.all(onlyMethods(ordered.filter(each => each.path === path).map(each => each.method)));
  }
  return router;
}

const expectedQuery = ({ query, expected }: ApiRoute) =>
  Object.keys(query.shape).length === 0 ? 'This path has no parameters.' : expected;

function valid<Output>(checked: CheckedInput<Output>, subject: string, expected: string | undefined): Output {
  if (checked.success) return checked.data;
  const faults = faultSentences(checked.faults, subject);
  throw new ApiError('request_invalid', expected === undefined ? faults : `${faults} ${expected}`);
}
