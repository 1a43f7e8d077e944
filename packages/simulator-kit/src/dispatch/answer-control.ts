import { respond } from '../answer.ts';
import { createRouteTable } from '../route-table.ts';
import type { Route, SimAnswer } from '../types.ts';
import type { IncomingRequest } from './incoming-request.ts';

/** Whether a path belongs to the control API rather than to the vendor. */
export function isControl(path: string): boolean {
  return path === '/_sim' || path.startsWith('/_sim/');
}

/** The dispatcher of requests under `/_sim`. Faults don't apply to them, and the journal omits them. */
export function createControlAnswers(routes: readonly Route[]) {
  const find = createRouteTable(routes);
  return async ({ readBody, ...request }: IncomingRequest): Promise<SimAnswer> => {
    const { method, path } = request;
    const match = find(method, path);
    if (match.kind === 'found')
      return match.route.handle({ ...request, params: match.params, body: await readBody() });
    if (match.kind === 'other-methods') {
      const headers = { allow: match.allowed.join(', ') };
      if (method === 'OPTIONS') return respond(204, undefined, { headers });
      return respond(405, { error: `${path} accepts ${headers.allow}, not ${method}.` }, { headers });
    }
    const paths = [...new Set(routes.map(route => route.path))].join(', ');
    return respond(404, { error: `There is no ${path} here. The control API has: ${paths}.` });
  };
}
