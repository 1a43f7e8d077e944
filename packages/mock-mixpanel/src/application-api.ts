import { type CheckedInput, checkInput } from '@braze-mixpanel/core/input';
import { parseJson, type Respond, type Route, respond, type SimRequest } from '@braze-mixpanel/simulator-kit';
import type * as z from 'zod';
import { accessOf } from './access.ts';
import type { MockMixpanelModel } from './model.ts';

/** An error of the application API (`/api/app`), in its documented form. */
export const applicationError = (status: number, error: string, rule: string): Respond =>
  respond(status, { error, status: 'error' }, { rule });

/** The refusal of a request that is not of the service account, or not about its project in the path. */
export function accessRefusal(model: MockMixpanelModel, request: SimRequest): Respond | undefined {
  const access = accessOf(request, model);
  if (access === 'unknown')
    return applicationError(401, 'Invalid service account credentials', 'credentials');
  if (request.params.projectId !== model.project.id || access === 'elsewhere')
    return applicationError(403, 'The service account has no access to this project', 'project');
  return undefined;
}

/** Checks the JSON body of a request by a schema, or what `made` makes of it. */
export function checkBody<Schema extends z.ZodType>(
  schema: Schema,
  { body, headers }: SimRequest,
  made = (json: unknown): unknown => json,
): CheckedInput<z.output<Schema>> {
  const json = parseJson(new TextDecoder().decode(body));
  if (json !== undefined) return checkInput(schema, made(json));
  const message =
    headers['content-encoding'] === undefined ? 'is not JSON' : 'must be JSON without compression';
  return { success: false, faults: [{ path: [], message }] };
}

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
