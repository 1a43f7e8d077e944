import { TokenBucket } from '@braze-mixpanel/concurrency';
import {
  brazeAnswerBytes,
  cohortChanges,
  cohortImportLimits,
  cohortPartner,
} from '@braze-mixpanel/core/braze';
import { withoutSecretsOf } from '../../secrets/without-secrets.ts';
import { exchange, type VendorOptions } from '../../vendor-http/exchange.ts';
import type { CohortConnection } from '../connection.ts';
import type { Sink } from './sink.ts';
import { verdictOf } from './verdicts.ts';

/**
 * Partner cohort import: the cohort becomes a filter of segments. Needs the partner key, which Braze gives to
 * partners only.
 */
export function partnerSink(braze: CohortConnection['braze'], vendor: VendorOptions): Sink {
  const { restUrl, partnerApiKey, dataImportKey } = braze;
  const base = `/partners/${cohortPartner}/cohorts`;
  const withoutSecrets = withoutSecretsOf([partnerApiKey, dataImportKey]);
  const bucket = new TokenBucket({
    limit: cohortImportLimits.requestsPerHour,
    windowMs: 3_600_000,
    burst: 10_000,
  });

  const post = async (path: string, body: object, changes: number, stop: AbortSignal) => {
    await bucket.take(stop);
    const keys = { partner_api_key: partnerApiKey?.reveal(), client_secret: dataImportKey?.reveal() };
    const request = {
      url: new URL(path, restUrl),
      headers: { 'content-type': 'application/json' },
      readAtMost: brazeAnswerBytes,
      body: JSON.stringify({ ...keys, ...body }),
    };
    return verdictOf(await exchange(request, vendor, stop), { to: 'partner', changes }, withoutSecrets);
  };

  return {
    kind: 'partner',
    groupSize: cohortImportLimits.idsPerRequest,
    concurrency: 4,
    introduce({ id, name }, stop) {
      const created_at = new Date(vendor.now()).toISOString();
      return post(base, { cohort_id: id, name, created_at }, 0, stop);
    },
    send: (cohort, group, stop) => post(`${base}/users`, preview(cohort.id, group), group.length, stop),
    preview: (cohort, group) => preview(cohort.id, group),
    billedUpdates: () => 0,
    assignments: changes => changes,
  };
}

function preview(cohort_id: string, group: Parameters<typeof cohortChanges>[0]) {
  return { cohort_id, cohort_changes: cohortChanges(group) };
}
