/** A GET endpoint of Braze's exports: its access, its limit, and its refusals of parameters. */
import { type Respond, type Route, respond } from '@braze-mixpanel/simulator-kit';
import type { MockBrazeModel } from '../model.ts';
import type { LimitName } from '../rate-limits.ts';
import { accessRules, guarded } from '../rest/access.ts';
import { rulesFrom } from '../sources.ts';
import type { RestPermission } from '../state.ts';
import { refusal } from '../vendor-answers.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { ParameterError } from './parameters.ts';

export interface ExportEndpoint {
  readonly path: `/${string}`;
  readonly permission: RestPermission;
  readonly limit: LimitName;
  readonly rules: Route['rules'];
  /** The body of the answer; its message is `success` by default. @throws ParameterError for a wrong parameter. */
  readonly answer: (model: MockBrazeModel, query: URLSearchParams) => object;
}

const shared = [
  ...rulesFrom.choice(
    'success is 200, a wrong parameter 400, with texts of this simulator where none is known',
    'the key is accepted in the header alone, not as `api_key`',
  ),
  ...accessRules,
];

export function exportRoute(workspaces: Workspaces, endpoint: ExportEndpoint): Route {
  const { path, permission, limit, rules, answer } = endpoint;
  const answered = (model: MockBrazeModel, query: URLSearchParams): Respond => {
    try {
      return respond(200, { message: 'success', ...answer(model, query) }, { rule: 'exported' });
    } catch (error) {
      if (error instanceof ParameterError) return refusal(400, error.message, 'parameters');
      throw error;
    }
  };
  return {
    ...{ id: path.slice(1).replaceAll(/[/_]/g, '-'), method: 'GET', path },
    rules: [...rules, ...shared],
    handle: request =>
      guarded(workspaces, request, {
        ...{ limit, permission },
        answer: (model, _, { query }) => answered(model, query),
      }),
  };
}
