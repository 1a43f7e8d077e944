import type { LexiconEntry } from '@braze-mixpanel/core/mixpanel';
import type { Respond, SimRequest } from '@braze-mixpanel/simulator-kit';
import { accessOf } from '../access.ts';
import { applicationError } from '../application-api.ts';
import type { MockMixpanelModel } from '../model.ts';

/**
 * Checks a request to the schemas API: the service account, that the project is its own, and the limit of
 * requests if it is enabled.
 */
export function refusalOf({ limits, project }: MockMixpanelModel, request: SimRequest): Respond | undefined {
  const access = accessOf(request, project);
  if (access === 'unknown')
    return applicationError(401, 'Invalid service account credentials', 'credentials');
  if (request.params.projectId !== project.id || access === 'elsewhere')
    return applicationError(403, 'The service account has no access to this project', 'project');
  return limits.take('schemaRequests').allowed ? undefined : throttled('requests');
}

/** Takes the events and properties of an upload from the limit of updates, if that is enabled. */
export function updatable(
  { limits }: MockMixpanelModel,
  entries: readonly LexiconEntry[],
): Respond | undefined {
  const updates = entries.reduce(
    (sum, { schemaJson }) => sum + 1 + Object.keys(schemaJson.properties ?? {}).length,
    0,
  );
  return limits.take('schemaUpdates', updates).allowed ? undefined : throttled('updates');
}

const throttled = (what: string): Respond =>
  applicationError(429, `Too many ${what} in a minute. Please retry later.`, 'rate limit');
