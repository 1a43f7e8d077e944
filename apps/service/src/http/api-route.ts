import type { Response } from 'express';
import { z } from 'zod';
import type { ErrorCode } from '../errors/catalogue.ts';

/**
 * The declaration of a route under `/api`: the router checks requests by it, the OpenAPI document is made
 * from it, and the command line calls the route by it, without loading Express.
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
