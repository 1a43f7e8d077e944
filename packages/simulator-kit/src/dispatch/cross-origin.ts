import { respond } from '../answer.ts';
import type { Route, SimAnswer } from '../types.ts';
import type { IncomingRequest } from './incoming-request.ts';

type Headers = IncomingRequest['headers'];

/** An answer that a page of another origin may read, if the route allows pages and the request is of one. */
export function readableAcrossOrigins(
  answer: SimAnswer,
  { crossOrigin }: Route,
  headers: Headers,
): SimAnswer {
  const { origin } = headers;
  if (crossOrigin === undefined || origin === undefined) return answer;
  if (answer.kind === 'truncate')
    return {
      ...answer,
      answer: { ...answer.answer, headers: { ...allowed(origin), ...answer.answer.headers } },
    };
  if (answer.kind !== 'respond') return answer;
  return { ...answer, headers: { ...allowed(origin), ...answer.headers } };
}

/**
 * The answer to the preflight of a browser, which asks with `OPTIONS` before a request that is not a simple
 * one; `undefined` if the request is no preflight, or the path has no route for pages of other origins.
 *
 * @param routes those of the path.
 */
export function answerPreflight(routes: readonly Route[], headers: Headers): SimAnswer | undefined {
  const { origin, 'access-control-request-method': method } = headers;
  const open = routes.filter(({ crossOrigin }) => crossOrigin !== undefined);
  if (origin === undefined || method === undefined || open.length === 0) return undefined;
  const preflight = {
    ...allowed(origin),
    'access-control-allow-methods': [...open.map(route => route.method), 'OPTIONS'].join(', '),
    'access-control-allow-headers': [
      ...new Set(open.flatMap(({ crossOrigin }) => crossOrigin?.headers ?? [])),
    ].join(', '),
  };
  return respond(204, undefined, { headers: preflight, rule: 'preflight of a browser' });
}

/** The origin itself, since browsers accept no `*` for requests with credentials. */
function allowed(origin: string): Readonly<Record<string, string>> {
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    vary: 'Origin',
  };
}
