import { parseJson, type Respond, type Route, respond, type SimRequest } from '@braze-mixpanel/simulator-kit';

/** An error of the application API (`/api/app`), in its documented form. */
export const applicationError = (status: number, error: string, rule: string): Respond =>
  respond(status, { error, status: 'error' }, { rule });

/** The value of a JSON body; `undefined` if the body is not JSON. */
export const jsonBodyOf = ({ body }: SimRequest): unknown => parseJson(new TextDecoder().decode(body));

/**
 * A function that makes the routes of one application API.
 *
 * @param shared rules of every route
 * @param refusal the answer to a request that is not admitted: of other credentials, or over a limit
 */
export function applicationRoutes(
  shared: Route['rules'],
  refusal: (request: SimRequest) => Respond | undefined,
) {
  return (
    id: string,
    method: Route['method'],
    path: string,
    rules: Route['rules'],
    handle: (request: SimRequest) => Respond,
  ): Route => ({
    ...{ id, method, path, rules: [...rules, ...shared] },
    handle: request => refusal(request) ?? handle(request),
  });
}
