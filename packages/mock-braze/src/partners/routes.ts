/** The partner cohort API: `POST /partners/mixpanel/cohorts` and `/partners/mixpanel/cohorts/users`. */
import { cohortImportErrors, cohortSuccess } from '@braze-mixpanel/core/braze';
import {
  isRecord,
  type Respond,
  type Route,
  respond,
  type SimAnswer,
  type SimRequest,
} from '@braze-mixpanel/simulator-kit';
import { encodingRule, inflate } from '../inflate.ts';
import type { MockBrazeModel } from '../model.ts';
import { type LimitName, limited } from '../rate-limits.ts';
import { rulesFrom } from '../sources.ts';
import { readBody, refusal } from '../vendor-answers.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { checkAccess, type PartnerError, readCreate, readUsers } from './import-request.ts';

const accessRules = [
  ...rulesFrom.cohortImport(
    '401 with its own text for a wrong partner key, a wrong data import key and a partner that is not enabled',
  ),
  ...rulesFrom.choice(
    'a missing key, or a body that is not a JSON object, is 401 `Unauthorized access`',
    encodingRule,
  ),
  ...rulesFrom.cohortImport('250,000 requests an hour per endpoint, then 429 (off until enabled)'),
  ...rulesFrom.mixpanelPage('the data import key names the workspace'),
  ...rulesFrom.cohortImport('423 `Resource locked` is available as a fault'),
];

export function partnerRoutes(workspaces: Workspaces): Route[] {
  return [
    {
      id: 'partner-cohorts',
      method: 'POST',
      path: '/partners/:partner/cohorts',
      rules: [
        ...rulesFrom.cohortImport('creates the cohort; for a known `cohort_id` renames it; 201'),
        ...rulesFrom.choice('success is `{"message":"success"}`, as clients of other partners accept it'),
        ...rulesFrom.cohortImport(
          '400 texts for `cohort_id`, `name` and `created_at`, checked in this order',
        ),
        ...accessRules,
      ],
      handle: request => inWorkspace(workspaces, 'partner-cohorts', request, create),
    },
    {
      id: 'partner-cohorts-users',
      method: 'POST',
      path: '/partners/:partner/cohorts/users',
      rules: [
        ...rulesFrom.cohortImport(
          '1,000 ids in one request, all kinds and elements together',
          'unknown users are ignored, none is created',
          'identified users match by external id or alias, anonymous ones by device id; a device id of an identified user is ignored',
        ),
        ...rulesFrom.choice(
          'an id that is added and removed in one request: the last change wins',
          'changes of a `cohort_id` that was never created are 400, with the text for `cohort_id`',
        ),
        ...rulesFrom.connectors(
          'empty `cohort_changes` with the right keys are 201, also for a `cohort_id` that was never created',
        ),
        ...accessRules,
      ],
      handle: request => inWorkspace(workspaces, 'partner-cohorts-users', request, changeUsers),
    },
  ];
}

type Body = Record<string, unknown>;

/** The workspace of a request, found by its data import key. */
function inWorkspace(
  workspaces: Workspaces,
  route: LimitName,
  request: SimRequest,
  answer: (model: MockBrazeModel, request: SimRequest, body: Body) => Respond,
): Promise<SimAnswer> {
  const bytes = inflate(request);
  const body = typeof bytes === 'string' ? {} : bodyOf(bytes);
  const model = workspaces.withDataImportKey(body.client_secret);
  return limited(model, route, () =>
    typeof bytes === 'string' ? refusal(400, bytes, 'compressed body') : answer(model, request, body),
  );
}

function create(model: MockBrazeModel, request: SimRequest, body: Body): Respond {
  const denied = accessError(model, request, body);
  if (denied) return refuse(denied, body);
  const read = readCreate(body);
  if (!read.ok) return refuse(read.error, body);
  const { cohortId, name, createdAt } = read.value;
  const known = model.cohorts.get(cohortId) !== undefined;
  model.cohorts.create(cohortId, name, createdAt);
  const rule = known ? 'cohort renamed' : 'cohort created';
  return respond(cohortSuccess.status, cohortSuccess.body, { rule });
}

function changeUsers(model: MockBrazeModel, request: SimRequest, body: Body): Respond {
  const denied = accessError(model, request, body);
  if (denied) return refuse(denied, body);
  const read = readUsers(body);
  if (!read.ok) return refuse(read.error, body);
  const cohort = model.cohorts.get(read.value.cohortId);
  if (!cohort && read.value.changes.length === 0)
    return respond(cohortSuccess.status, cohortSuccess.body, { rule: 'keys checked' });
  if (!cohort) return refuse('invalidCohortId', body);
  model.cohorts.change(cohort, read.value.changes);
  model.segments.measure();
  return respond(cohortSuccess.status, cohortSuccess.body, { rule: 'members changed' });
}

function accessError(model: MockBrazeModel, request: SimRequest, body: Body): PartnerError | undefined {
  return checkAccess(body, {
    partner: request.params.partner ?? '',
    enabledPartners: model.enabledPartners,
    partnerKey: model.partnerKey,
    isActiveSecret: secret => model.dataImportKeys.isActive(secret),
  });
}

/**
 * One of Braze's documented error texts ends with the secret from the request. A client must not log it; this
 * lets a test find out whether it does.
 */
function refuse(error: PartnerError, body: Body): Respond {
  const { status, message } = cohortImportErrors[error];
  const echo = error === 'partnerNotEnabled' ? String(body.client_secret) : '';
  return refusal(status, message + echo, error);
}

function bodyOf(bytes: Uint8Array): Body {
  const body = readBody(bytes);
  return isRecord(body) ? body : {};
}
