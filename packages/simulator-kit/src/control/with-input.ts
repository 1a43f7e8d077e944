/** Control routes with a schema for their query or body. Handlers receive the parsed input. */
import type * as z from 'zod';
import type { SimRequest } from '../types.ts';
import type { ControlHandler, ControlRoute } from './control-route.ts';
import { checkControlInput, readControlInput } from './input.ts';

type WithQuery<Query> = Omit<ControlRoute, 'query'> & { readonly query: Query };
type WithBody<Body> = Omit<ControlRoute, 'body'> & { readonly body: Body & { readonly example: unknown } };
type Handler<Input> = (input: Input, request: SimRequest) => ReturnType<ControlHandler>;

/**
 * A control route with a validated query.
 *
 * @param example a path with a valid query, shown to a client that sent an invalid one.
 */
export function withQuery<Schema extends z.ZodObject>(
  query: Schema,
  example: string,
  handle: Handler<z.output<Schema>>,
): WithQuery<Schema> {
  return {
    query,
    handle: request => {
      const what = `The query of ${request.path}`;
      const given = Object.fromEntries(request.query);
      return handle(checkControlInput(given, query, what, `For example: ${example}`), request);
    },
  };
}

/**
 * A control route with a validated JSON body.
 *
 * @param example a valid body, shown to a client that sent an invalid one.
 */
export function withBody<Schema extends z.ZodType>(
  body: Schema,
  example: unknown,
  handle: Handler<z.output<Schema>>,
): WithBody<{ readonly schema: Schema }> {
  return {
    body: { schema: body, example },
    handle: request => handle(readControlInput(request, body, example), request),
  };
}

/** A control route with an optional JSON body; without one, the defaults of the schema apply. */
export function withOptionalBody<Schema extends z.ZodType>(
  body: Schema,
  example: unknown,
  handle: Handler<z.output<Schema>>,
): WithBody<{ readonly schema: Schema; readonly required: false }> {
  const read = withBody(body, example, handle);
  return {
    ...read,
    body: { schema: body, example, required: false },
    handle: request => (request.body.length === 0 ? handle(body.parse({}), request) : read.handle(request)),
  };
}
