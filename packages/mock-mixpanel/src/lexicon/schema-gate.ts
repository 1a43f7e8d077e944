import type { LexiconEntry } from '@braze-mixpanel/core/mixpanel';
import type { Respond, SimRequest } from '@braze-mixpanel/simulator-kit';
import { accessRefusal, applicationError } from '../application-api.ts';
import type { MockMixpanelModel } from '../model.ts';

/**
 * Checks a request to the schemas API: the service account, that the project is its own, and the limit of
 * requests if it is enabled.
 */
export function refusalOf(model: MockMixpanelModel, request: SimRequest): Respond | undefined {
  const refusal = accessRefusal(model, request);
  if (refusal !== undefined) return refusal;
  return model.limits.take('schemaRequests').allowed ? undefined : throttled('requests');
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
