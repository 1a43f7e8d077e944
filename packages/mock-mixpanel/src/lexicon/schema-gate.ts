import type { LexiconEntry } from '@braze-mixpanel/core/mixpanel';
import { type Respond, respond, type SimRequest } from '@braze-mixpanel/simulator-kit';
import { accessOf } from '../access.ts';
import type { MockMixpanelModel } from '../model.ts';

/** An error of the schemas API, in its documented form. */
export const schemaError = (status: number, error: string, rule: string): Respond =>
  respond(status, { error, status: 'error' }, { rule });

/**
 * The checks of every request to the schemas API: the service account, that the project is its own, and the
 * limit of requests if it is enabled.
 */
export function admitted({ limits, project }: MockMixpanelModel, request: SimRequest): Respond | undefined {
  const access = accessOf(request, project);
  if (access === 'unknown') return schemaError(401, 'Invalid service account credentials', 'credentials');
  if (request.params.projectId !== project.id || access === 'elsewhere')
    return schemaError(403, 'The service account has no access to this project', 'project');
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
  schemaError(429, `Too many ${what} in a minute. Please retry later.`, 'rate limit');
