import { respond } from '../answer.ts';
import { afterHandling, answerAt, refusedBy } from '../faults/fault.ts';
import type { FaultPlan } from '../faults/plan.ts';
import { createRouteTable } from '../route-table.ts';
import type { Route, SimAnswer } from '../types.ts';
import { answerPreflight, readableAcrossOrigins } from './cross-origin.ts';
import type { IncomingRequest, VendorAnswers } from './incoming-request.ts';

/** Facts about a request for its journal entry, collected while it is handled. */
export interface Observed {
  route: string | null;
  /** Method and path of the route, such as `POST /import`; `null` like `route`. */
  endpoint: string | null;
  body: Uint8Array;
  /** IDs of the faults that apply to it. */
  faults: readonly string[];
}

/**
 * The dispatcher of requests to the vendor's routes. The stages are: faults before the body is read, reading
 * the body, faults before the handler, the handler (which changes the model), faults after it. So a lost
 * answer is one whose effect took place.
 *
 * @param delay waits real milliseconds, for latency.
 */
export function createVendorAnswers(
  routes: readonly Route[],
  vendor: VendorAnswers,
  faults: FaultPlan,
  delay: (milliseconds: number) => Promise<unknown>,
) {
  const find = createRouteTable(routes);
  const context = { delay, bodyOf: vendor.bodyOf };
  return async ({ readBody, ...request }: IncomingRequest, observed: Observed): Promise<SimAnswer> => {
    const match = find(request.method, request.path);
    if (match.kind !== 'found') {
      observed.body = await readBody();
      if (match.kind === 'unknown')
        return withRule(vendor.notFound({ ...request, readBody }), 'no such path');
      if (request.method === 'OPTIONS')
        return (
          answerPreflight(match.routes, request.headers) ??
          respond(204, undefined, { headers: { allow: match.allowed.join(', ') } })
        );
      return withRule(vendor.wrongMethod({ ...request, readBody }, match.allowed), 'no such method');
    }
    const { params, route } = match;
    observed.route = route.id;
    observed.endpoint = `${route.method} ${route.path}`;
    const sampled = faults.sample(route.id);
    observed.faults = sampled.map(({ id }) => id);
    const readable = (answer: SimAnswer) => readableAcrossOrigins(answer, route, request.headers);
    const early = await answerAt('beforeBody', sampled, context);
    if (early !== undefined) return readable(early);
    const body = await readBody();
    observed.body = body;
    const refused = refusedBy(sampled);
    return readable(
      (await answerAt('beforeHandling', sampled, context)) ??
        (await afterHandling(
          sampled,
          await route.handle({ ...request, params, body, ...(refused && { refused }) }),
        )),
    );
  };
}

/** Sets the rule of an answer that has none. */
function withRule(answer: SimAnswer, rule: string): SimAnswer {
  return { ...answer, rule: answer.rule ?? rule };
}
