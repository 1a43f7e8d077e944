import { faultSentences } from '@braze-mixpanel/core/input';
import { type Respond, type Route, respond, type SimRequest } from '@braze-mixpanel/simulator-kit';
import * as z from 'zod';
import { applicationError, applicationRoutes, checkBody } from '../application-api.ts';
import type { MockMixpanelModel } from '../model.ts';
import { isElsewhere } from '../project.ts';
import { rulesFrom } from '../sources.ts';
import type { DeletionTask } from './deletion-tasks.ts';

/** Maximum number of users of a request: 1,999 by the API's page, 2,000 by the guide (read 2026-08). */
const mostDistinctIds = 1_999;
const requestingUser = 'owner@example.com';

const inputSchema = z.object({
  distinct_ids: z.array(z.string().min(1)).min(1).max(mostDistinctIds),
  compliance_type: z
    .string()
    .default('GDPR')
    .transform(type => type.toUpperCase())
    .pipe(z.enum(['GDPR', 'CCPA'])),
});

const base = '/api/app/data-deletions/v3.0';

/** The deletion part of the GDPR API: requests the deletion of users, shows its state, cancels it. */
export function deletionRoutes(model: MockMixpanelModel): Route[] {
  const { deletions } = model;
  const shared = [
    ...rulesFrom.gdprSpec(
      'an OAuth token as bearer, and the token of the project; 401 and 403: {"error":…,"status":"error"}',
    ),
    ...rulesFrom.gdprPage('1 request in a second, then 429 (off until enabled)'),
    ...rulesFrom.choice(
      'another token than that of the project, or none: 403',
      'the texts of errors of the GDPR API; 429 has no Retry-After',
    ),
  ];
  const route = applicationRoutes(shared, request => refusalOf(model, request));
  const create = [
    ...rulesFrom.gdprSpec('answers 201; compliance_type is GDPR, the default, or CCPA'),
    ...rulesFrom.gdprPage.against(
      'gdprSpec',
      'results is a list with one task, named by its tracking_id, not an object with task_id',
    ),
    ...rulesFrom.gdprPage.against('endUserData', 'at most 1,999 distinct ids in a request, not 2,000'),
    ...rulesFrom.recordedDeletions(
      'tracking_id is a UUID; the answer has the distinct_ids; gdpr is accepted for GDPR',
    ),
    ...rulesFrom.choice('no or wrong distinct_ids: 400, no task is created'),
  ];
  const read = [
    ...rulesFrom.gdprSpec.against(
      'gdprPage',
      'results has tracking_id, status, requesting_user, compliance_type, project_id, date_requested and distinct_ids, not only status, result and distinct_ids',
    ),
    ...rulesFrom.gdprPage('a task that cannot be found has the status NOT_FOUND'),
  ];
  const cancel = [
    ...rulesFrom.gdprPage(
      'PENDING and STAGING are cancelled: 204, REVOKED; a task that has started is not: 405',
    ),
    ...rulesFrom.gdprSpec.against(
      'gdprPage',
      'a task is cancelled by its id in the path, not by distinct_ids in a body',
    ),
    ...rulesFrom.choice('cancelling an unknown task: 404; one that is over, or revoked: 405'),
  ];
  return [
    route('data-deletions', 'POST', base, create, request => {
      const read = checkBody(inputSchema, request);
      if (!read.success)
        return applicationError(400, faultSentences(read.faults, 'The body'), 'invalid deletion');
      const { distinct_ids, compliance_type } = read.data;
      const task = written(deletions.create([...new Set(distinct_ids)], compliance_type), model);
      const results = [{ ...task, distinct_id_count: task.distinct_ids.length, destination_url: null }];
      return respond(201, { status: 'ok', results }, { rule: 'deletion requested' });
    }),
    route('data-deletion', 'GET', `${base}/:trackingId`, read, ({ params: { trackingId = '' } }) => {
      const task = deletions.get(trackingId);
      const results = task
        ? written(task, model)
        : { tracking_id: trackingId, status: 'NOT_FOUND', distinct_ids: [] };
      return respond(200, { status: 'ok', results }, { rule: `deletion ${results.status}` });
    }),
    route(
      'data-deletion-cancel',
      'DELETE',
      `${base}/:trackingId`,
      cancel,
      ({ params: { trackingId = '' } }) => {
        const task = deletions.get(trackingId);
        if (task === undefined) return applicationError(404, 'Deletion task not found', 'no such deletion');
        return deletions.revoke(task)
          ? respond(204, undefined, { rule: 'deletion revoked' })
          : applicationError(
              405,
              `A task with status ${task.status} cannot be cancelled`,
              'deletion not revocable',
            );
      },
    ),
  ];
}

/** Checks the OAuth token, the token of the project, and the rate limit if it is enabled. */
function refusalOf({ limits, project }: MockMixpanelModel, request: SimRequest): Respond | undefined {
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== project.oauthToken) return applicationError(401, 'Invalid OAuth token', 'credentials');
  if (request.query.get('token') !== project.token || isElsewhere(request, project))
    return applicationError(403, 'The OAuth token has no access to a project with this token', 'project');
  if (limits.take('gdprRequests').allowed) return undefined;
  return applicationError(429, 'Too many requests in a second. Please retry later.', 'rate limit');
}

function written(task: DeletionTask, { project }: MockMixpanelModel) {
  const { id, distinctIds, complianceType, requestedAt, status } = task;
  return {
    tracking_id: id,
    status,
    requesting_user: requestingUser,
    compliance_type: complianceType,
    project_id: Number(project.id),
    date_requested: new Date(requestedAt).toISOString().slice(0, -1),
    distinct_ids: distinctIds,
  };
}
