import { type CheckedInput, checkInput, faultSentences } from '@braze-mixpanel/core/input';
import { json, type Response, Router } from 'express';
import { z } from 'zod';
import { CohortError } from '../cohorts/cohort-error.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import { LookupTablesError } from '../lookup-tables/lookup-tables-error.ts';
import { CompareError } from '../reconcile/compare-error.ts';
import { answerError, onlyMethods } from './answer.ts';
import { ApiError } from './api-error.ts';
import { checkQuery } from './query.ts';

/**
 * The declaration of a route under `/api`: the router checks requests by it, the OpenAPI document is made
 * from it, and the command line calls the route by it.
 *
 * A failed check is answered with `request_invalid` and `expected`, any error that the handler throws with its
 * entry of the error catalogue.
 */
export interface Endpoint<
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  readonly method: 'get' | 'post' | 'delete';
  readonly path: `/api/${string}`;
  /** What the route does, as one sentence. */
  readonly summary: string;
  /** The parameters; none by default. Any other, and one that is given twice, is refused. */
  readonly query?: Query;
  readonly body?: Body;
  /** Longest body, for example `10kb`. */
  readonly bodyLimit?: string;
  /** What the body may have, or the query of a route that declares one, for a client that sent another. */
  readonly expected?: string;
  /** Status of success; 200 by default. A success of 204 has no body. */
  readonly status?: number;
  /** The JSON of a success. */
  readonly answer: Answer;
  /** Refusals besides those of the guard and of the checks. */
  readonly errors?: readonly ErrorCode[];
  /** Other paths that lead here; their answers have the header `Deprecation`. */
  readonly deprecatedPaths?: readonly `/api/${string}`[];
}

/** Infers the types of query, body and answer. */
export function endpoint<Query extends z.ZodObject, Body extends z.ZodType, Answer extends z.ZodType>(
  declared: Endpoint<Query, Body, Answer>,
): Endpoint<Query, Body, Answer> {
  return declared;
}

interface ApiRequest<Query extends z.ZodObject, Body extends z.ZodType> {
  readonly id: string;
  readonly query: z.output<Query>;
  readonly body: z.output<Body>;
  readonly response: Response;
}

export interface ApiRoute extends Endpoint {
  readonly query: z.ZodObject;
  /** Returns the answer, or its JSON as a string. @throws ApiError */
  handle(request: ApiRequest<z.ZodObject, z.ZodType>): Promise<unknown>;
}

/** An endpoint with its handler. */
export function apiRoute<Query extends z.ZodObject, Body extends z.ZodType, Answer extends z.ZodType>(
  declared: Endpoint<Query, Body, Answer>,
  handle: (request: ApiRequest<Query, Body>) => Promise<string | z.input<Answer>>,
): ApiRoute {
  const query = (declared.query ?? z.object()).strict();
  return { ...declared, query, handle } as unknown as ApiRoute;
}

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
