/** Control routes that declare the schema of their query or body; handlers get what it makes of the input. */
import type * as z from 'zod';
import type { SimRequest } from '../types.ts';
import type { ControlHandler, ControlRoute } from './control-route.ts';
import { checkControlInput, readControlInput } from './input.ts';

type Handler<Input> = (input: Input, request: SimRequest) => ReturnType<ControlHandler>;

/**
 * A route with a query.
 *
 * @param example a path with a valid query, shown to a client that sent another.
 */
export function withQuery<Schema extends z.ZodObject>(
  query: Schema,
  example: string,
  handle: Handler<z.output<Schema>>,
): ControlRoute {
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
 * A route with a JSON body.
 *
 * @param example a valid body, shown to a client that sent another.
 */
export function withBody<Schema extends z.ZodType>(
  body: Schema,
  example: unknown,
  handle: Handler<z.output<Schema>>,
): ControlRoute {
  return {
    body: { schema: body, example },
    handle: request => handle(readControlInput(request, body, example), request),
  };
}

/** The same for a body that may be left out: the defaults of the schema take its place. */
export function withOptionalBody<Schema extends z.ZodType>(
  body: Schema,
  example: unknown,
  handle: Handler<z.output<Schema>>,
): ControlRoute {
  const read = withBody(body, example, handle);
  return {
    ...read,
    body: { schema: body, example, required: false },
    handle: request => (request.body.length === 0 ? handle(body.parse({}), request) : read.handle(request)),
  };
}
