/** Access to the REST API: the key selects the workspace, and needs the permission of the route. */
import type { Respond, SimAnswer, SimRequest } from '@braze-mixpanel/simulator-kit';
import { encodingRule, inflate } from '../inflate.ts';
import type { MockBrazeModel } from '../model.ts';
import { type LimitName, limited } from '../rate-limits.ts';
import { rulesFrom } from '../sources.ts';
import type { RestPermission } from '../state.ts';
import { readBody, refusal } from '../vendor-answers.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';

export const accessRules = [
  ...rulesFrom.usersTrack('401 for an unknown key, 403 for a key without the permission'),
  ...rulesFrom.choice('the texts of 401 and 403', encodingRule),
  ...rulesFrom.apiOverview('the key names the workspace'),
  ...rulesFrom.rateLimits('`X-RateLimit-Limit`, `-Remaining` and `-Reset` (epoch seconds) on every answer'),
];

export function guarded(
  workspaces: Workspaces,
  request: SimRequest,
  call: {
    readonly limit: LimitName;
    readonly permission: RestPermission;
    readonly answer: (model: MockBrazeModel, body: unknown, request: SimRequest) => Respond;
  },
): Promise<SimAnswer> {
  const key = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
  const model = workspaces.withRestKey(key);
  return limited(model, call.limit, () => {
    const access = model.restAccess(key, call.permission);
    if (access === 'unknown-key') return refusal(401, 'Invalid API key', 'REST key');
    if (access === 'forbidden') {
      const message = `This API key does not have the permission ${call.permission}`;
      return refusal(403, message, 'REST key permission');
    }
    const body = inflate(request);
    if (typeof body === 'string') return refusal(400, body, 'compressed body');
    return call.answer(model, readBody(body), request);
  });
}
