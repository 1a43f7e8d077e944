/** Answers shared by several routes of a control API. */
import { type Respond, respond } from '../answer.ts';
import { streamOfText } from '../stream-of-text.ts';
import type { SimRequest } from '../types.ts';
import type { ControlHandler } from './control-route.ts';

/**
 * A 404 answer that names the list of existing ones.
 *
 * @param list the path under `/_sim/` that lists the existing ones.
 */
export function missing(what: string, id: string, list: string): Respond {
  return respond(404, { error: `There is no ${what} ${id}. GET /_sim/${list} lists them.` });
}

/** Handlers of routes with `:id`, with 404 for an unknown ID. */
export function withItem<Item>(
  what: string,
  list: string,
  find: (id: string, request: SimRequest) => Item | undefined,
) {
  return (handle: (item: Item, request: SimRequest) => ReturnType<ControlHandler>): ControlHandler =>
    request => {
      const { id = '' } = request.params;
      const item = find(id, request);
      return item === undefined ? missing(what, id, list) : handle(item, request);
    };
}

/** A 200 answer whose JSON is generated while it is sent. */
export function jsonText(
  parts: AsyncIterable<string> | Iterable<string>,
  headers: Readonly<Record<string, string>> = {},
): Respond {
  return respond(200, streamOfText(parts), { headers: { 'content-type': 'application/json', ...headers } });
}

/** A 200 answer with a JSON list of any length. The list is never held in memory as a whole. */
export function jsonList(items: Iterable<unknown>, headers?: Readonly<Record<string, string>>): Respond {
  return jsonText(bracketed(items), headers);
}

function* bracketed(items: Iterable<unknown>): Generator<string> {
  yield '[';
  yield* jsonItems(items);
  yield ']';
}

/** The chunks of a JSON list: each element with its comma. */
export function* jsonItems(items: Iterable<unknown>): Generator<string> {
  let separator = '';
  for (const item of items) {
    yield separator + JSON.stringify(item);
    separator = ',';
  }
}
