import type { SimRequest } from '@braze-mixpanel/simulator-kit';
import type { MockMixpanelModel } from './model.ts';
import { isElsewhere, isOnUsHost } from './project.ts';

/** What decides about credentials: those of the project, and whether they have ended on the clock. */
type Credentials = Pick<MockMixpanelModel, 'project' | 'settings' | 'clock'>;

/**
 * The kind of API: `ingestion` also accepts the project token as user name; the query and export APIs do not.
 */
export type Api = 'ingestion' | 'query';

/** From this time on API secrets are refused, under the setting `retirements`. */
const apiSecretsEnd = Date.parse('2027-03-03T00:00:00Z');

/**
 * Whether a request is authorized: HTTP Basic with a service account and `project_id`, the API secret as user
 * name (also as `api_key=`), or, for ingestion, the project token as user name. A `project_id` next to a
 * token must be the project's. On the host of another region nothing is authorized, except on a
 * US host under the setting `retirements`.
 *
 * @param parameters the query, merged with the other fields of a form.
 */
export function isAuthorized(
  request: SimRequest,
  credentials: Credentials,
  api: Api,
  parameters: URLSearchParams = request.query,
): boolean {
  const { project, settings, clock } = credentials;
  const forwarded = settings.retirements && api === 'ingestion' && isOnUsHost(request, project);
  if (isElsewhere(request, project) && !forwarded) return false;
  const projectId = parameters.get('project_id');
  if (projectId !== null && projectId !== project.id) return false;
  const retired = settings.retirements && clock.now() >= apiSecretsEnd;
  if (!retired && parameters.get('api_key') === project.apiSecret) return true;
  const { user } = basicCredentials(request.headers.authorization);
  if (user === project.serviceAccount) return projectId !== null && isServiceAccount(request, credentials);
  if (user === project.apiSecret) return !retired;
  return api === 'ingestion' && user === project.token;
}

/**
 * Access of a request to the application API, which accepts a service account alone: `elsewhere` on the host of
 * another region, `unknown` for any other credentials.
 */
export function accessOf(request: SimRequest, credentials: Credentials): 'granted' | 'elsewhere' | 'unknown' {
  if (!isServiceAccount(request, credentials)) return 'unknown';
  return isElsewhere(request, credentials.project) ? 'elsewhere' : 'granted';
}

/** Whether a request has the credentials of the service account, which has not expired. */
function isServiceAccount({ headers }: SimRequest, { project, settings, clock }: Credentials): boolean {
  const { user, password } = basicCredentials(headers.authorization);
  const { serviceAccountExpires: expires } = settings;
  if (expires !== null && clock.now() >= Date.parse(expires)) return false;
  return user === project.serviceAccount && password === project.serviceSecret;
}

function basicCredentials(header = ''): { user: string | undefined; password: string } {
  const encoded = /^Basic\s+([A-Za-z0-9+/=_-]+)\s*$/i.exec(header)?.[1];
  if (encoded === undefined) return { user: undefined, password: '' };
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon === -1
    ? { user: text, password: '' }
    : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
