import { TokenBucket } from '@braze-mixpanel/concurrency';
import {
  brazeAnswerBytes,
  cohortAttribute,
  readBackRequest,
  trackAttributes,
  usersExportLimits,
  usersTrackLimits,
} from '@braze-mixpanel/core/braze';
import { withoutSecretsOf } from '../../secrets/without-secrets.ts';
import { exchange, type VendorOptions } from '../../vendor-http/exchange.ts';
import type { CohortConnection } from '../connection.ts';
import type { Sink } from './sink.ts';
import { readBackVerdict, verdictOf } from './verdicts.ts';

/** Maximum of bytes of an export: 50 users with all their custom attributes. */
const exportBytes = 8 * 1024 * 1024;

/**
 * The sink of `/users/track`: one boolean attribute per cohort on existing users. It needs a REST key only;
 * updates are billed.
 */
export function trackSink({ restUrl, restApiKey }: CohortConnection['braze'], vendor: VendorOptions): Sink {
  const { objectsPerRequest, requests, windowMs } = usersTrackLimits;
  const bucket = new TokenBucket({ limit: requests, windowMs, burst: 500 });
  const exportPace = new TokenBucket({
    limit: usersExportLimits.requestsPerMinute,
    windowMs: 60_000,
    burst: 25,
  });
  const withoutSecrets = withoutSecretsOf([restApiKey]);
  const post = async (path: string, body: object, readAtMost: number, stop: AbortSignal) => {
    const headers = { authorization: `Bearer ${restApiKey?.reveal()}`, 'content-type': 'application/json' };
    const request = { url: new URL(path, restUrl), headers, readAtMost, body: JSON.stringify(body) };
    return exchange(request, vendor, stop);
  };
  return {
    kind: 'track',
    groupSize: objectsPerRequest,
    concurrency: 12,
    // The attribute needs no creation, and keeps its name when the cohort is renamed.
    introduce: async () => ({ kind: 'accepted', refused: [] }),
    async send({ id }, group, stop) {
      await bucket.take(stop);
      const came = await post('/users/track', preview(id, group), brazeAnswerBytes, stop);
      return verdictOf(came, { to: 'track', changes: group.length }, withoutSecrets);
    },
    async readBack({ id }, changes, stop) {
      await exportPace.take(stop);
      const came = await post('/users/export/ids', readBackRequest(changes), exportBytes, stop);
      return readBackVerdict(came, { changes, attribute: cohortAttribute(id) }, withoutSecrets);
    },
    preview: (cohort, group) => preview(cohort.id, group),
    billedUpdates: changes => changes,
    assignments: () => 0,
  };
}

function preview(cohort: string, group: Parameters<typeof trackAttributes>[0]) {
  return { attributes: trackAttributes(group, cohortAttribute(cohort)) };
}
