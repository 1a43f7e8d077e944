import type { Respond, Route, SimRequest } from '@braze-mixpanel/simulator-kit';
import { respond } from '@braze-mixpanel/simulator-kit';

/** A route of this simulator's own control API. */
export function control(
  method: Route['method'],
  path: string,
  handle: (request: SimRequest) => Respond | Promise<Respond>,
): Route {
  return { id: `sim.${method.toLowerCase()} ${path}`, method, path: `/_sim/${path}`, rules: [], handle };
}

/** 404 with the sentence that says where to look. */
export function missing(what: string, id: string, list: string): Respond {
  return respond(404, { error: `There is no ${what} ${id}. GET /_sim/${list} lists them.` });
}

const piece = 10_000;

/** A JSON array that is written while it is read: lists of a million are never whole in memory. */
function jsonArray(items: Iterable<unknown>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const source = items[Symbol.iterator]();
  let first = true;
  return new ReadableStream({
    pull(controller) {
      const texts: string[] = [];
      for (let count = 0; count < piece; count += 1) {
        const next = source.next();
        if (next.done) {
          controller.enqueue(encoder.encode(`${open(first, texts)}]`));
          controller.close();
          return;
        }
        texts.push(JSON.stringify(next.value));
      }
      controller.enqueue(encoder.encode(open(first, texts)));
      first = false;
    },
  });
}

function open(first: boolean, texts: readonly string[]): string {
  const start = first ? '[' : texts.length > 0 ? ',' : '';
  return start + texts.join(',');
}

/** An answer with a list of any length. */
export function listed(items: Iterable<unknown>, headers: Record<string, string> = {}): Respond {
  return respond(200, jsonArray(items), { headers: { 'Content-Type': 'application/json', ...headers } });
}
