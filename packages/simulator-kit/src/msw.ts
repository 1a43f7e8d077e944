/**
 * A simulator as request handlers for msw, for tests in the same process.
 *
 * @module
 */
import { HttpResponse, http, type RequestHandler } from 'msw';
import { toWire, wholeBody } from './answer.ts';
import type { IncomingRequest } from './dispatch/incoming-request.ts';
import type { Simulator } from './simulator.ts';
import { withoutTrailingSlashes } from './slashes.ts';
import type { SimAnswer } from './types.ts';

/** Which requests the handlers intercept. */
export interface MswOptions {
  /** The base URLs to intercept, for example `https://api.mixpanel.com`. */
  readonly baseUrls: readonly string[];
}

/**
 * Request handlers for msw, on the same state as every other transport:
 * `setupServer(...mswHandlers(simulator, { baseUrls }))`.
 */
export function mswHandlers(simulator: Simulator, { baseUrls }: MswOptions): RequestHandler[] {
  return baseUrls.map(baseUrl => {
    const prefix = withoutTrailingSlashes(new URL(baseUrl).pathname);
    return http.all(`${withoutTrailingSlashes(baseUrl)}/*`, async ({ request }) =>
      toResponse(await simulator.dispatch(incomingOf(request, prefix)), request),
    );
  });
}

function incomingOf(request: Request, prefix: string): IncomingRequest {
  const url = new URL(request.url);
  return {
    method: request.method,
    path: url.pathname.slice(prefix.length),
    query: url.searchParams,
    // Set by no transport.
    headers: { host: url.host, ...Object.fromEntries(request.headers) },
    signal: request.signal,
    readBody: async () => new Uint8Array(await request.arrayBuffer()),
  };
}

async function toResponse(answer: SimAnswer, request: Request): Promise<Response> {
  if (answer.kind === 'reset') return HttpResponse.error();
  if (answer.kind === 'hang') {
    const { promise, resolve } = Promise.withResolvers<Response>();
    request.signal.addEventListener('abort', () => resolve(HttpResponse.error()), { once: true });
    return promise;
  }
  const wire = toWire(answer.kind === 'truncate' ? answer.answer : answer);
  const init = { status: wire.status, headers: { ...wire.headers } };
  if (answer.kind === 'truncate') return new HttpResponse(breakingOff(await wholeBody(wire)), init);
  const bodiless = request.method === 'HEAD' || wire.status === 204 || wire.status === 304;
  return new HttpResponse(bodiless ? null : wire.body, init);
}

function breakingOff(whole: Uint8Array): ReadableStream<Uint8Array> {
  let sent = false;
  return new ReadableStream({
    pull(controller) {
      if (sent) controller.error(new TypeError('The connection was closed in the middle of the answer.'));
      else controller.enqueue(whole.subarray(0, Math.floor(whole.length / 2)));
      sent = true;
    },
  });
}
