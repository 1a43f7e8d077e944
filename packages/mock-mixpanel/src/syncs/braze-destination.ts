import { cohortImportLimits, cohortPartner } from '@braze-mixpanel/core/braze';
import { withoutTrailingSlashes } from '@braze-mixpanel/simulator-kit';
import type { Properties } from '../cohorts/cohort-store.ts';
import { type CohortExport, type Destination, type DestinationSettings, judgeStatus } from './destination.ts';

/**
 * The destination Braze, through its partner cohort API: creates (or renames) the cohort, then sends the
 * changes, up to 1,000 IDs per request. Users are matched by the profile property `$braze_external_id`, or
 * else by their distinct ID.
 */
export function brazeDestination({
  restEndpoint,
  dataImportKey,
  partnerApiKey,
}: Extract<DestinationSettings, { type: 'braze' }>): Destination {
  const base = `${withoutTrailingSlashes(restEndpoint)}/partners/${cohortPartner}/cohorts`;
  const keys = { partner_api_key: partnerApiKey, client_secret: dataImportKey };

  return {
    secrets: [dataImportKey, partnerApiKey],
    keyOf: brazeIdOf,
    *requestsOf(of) {
      const cohort_id = String(of.cohort.id);
      const created_at = new Date(of.cohort.createdAt).toISOString();
      yield { url: base, headers: {}, body: { ...keys, cohort_id, name: of.cohort.name, created_at } };
      for (const cohort_changes of changesOf(of)) {
        yield { url: `${base}/users`, headers: {}, body: { ...keys, cohort_id, cohort_changes } };
      }
    },
    judge: ({ status, body }) => judgeStatus(status, body.slice(0, 300)),
  };
}

function brazeIdOf(distinctId: string, profile: Properties | undefined): string {
  const id = profile?.$braze_external_id;
  return typeof id === 'string' && id !== '' ? id : distinctId;
}

/** Removals come first, which fills the requests without gaps; a request may contain both kinds. */
function* changesOf({
  join,
  leave,
}: CohortExport): Generator<{ user_ids: string[]; should_remove: boolean }[]> {
  const size = cohortImportLimits.idsPerRequest;
  for (let start = 0; start < leave.length + join.length; start += size) {
    const leaving = leave.slice(start, start + size);
    const from = Math.max(0, start - leave.length);
    const joining = join.slice(from, Math.max(0, start + size - leave.length));
    yield [
      { user_ids: leaving, should_remove: true },
      { user_ids: joining, should_remove: false },
    ].filter(({ user_ids }) => user_ids.length > 0);
  }
}
