/** Answers that several routes of a control API give. */
import { type Respond, respond } from '../answer.ts';
import { streamOfText } from '../stream-of-text.ts';
import type { SimRequest } from '../types.ts';
import type { ControlHandler } from './control-route.ts';

/**
 * 404 with a sentence that says where to look.
 *
 * @param list the path under `/_sim/` that lists what there is.
 */
export function missing(what: string, id: string, list: string): Respond {
  return respond(404, { error: `There is no ${what} ${id}. GET /_sim/${list} lists them.` });
}

/** Handlers of routes with `:id`: 404 where nothing has that ID. */
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

/** 200 with JSON that is written while it is sent. */
export function jsonText(
  parts: AsyncIterable<string> | Iterable<string>,
  headers: Readonly<Record<string, string>> = {},
): Respond {
  return respond(200, streamOfText(parts), { headers: { 'content-type': 'application/json', ...headers } });
}

/** 200 with a JSON list of any length, which is never whole in memory. */
export function jsonList(items: Iterable<unknown>, headers?: Readonly<Record<string, string>>): Respond {
  return jsonText(bracketed(items), headers);
}

function* bracketed(items: Iterable<unknown>): Generator<string> {
  yield '[';
  yield* jsonItems(items);
  yield ']';
}

/** The elements of a JSON list with their commas, one by one. */
export function* jsonItems(items: Iterable<unknown>): Generator<string> {
  let separator = '';
  for (const item of items) {
    yield separator + JSON.stringify(item);
    separator = ',';
  }
}
