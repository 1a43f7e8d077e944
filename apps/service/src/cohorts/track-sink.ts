import {
  brazeAnswerBytes,
  cohortAttribute,
  trackAttributes,
  usersTrackLimits,
} from '@braze-mixpanel/core/braze';
import type { CohortConnection } from './connection.ts';
import { Pace } from './pace.ts';
import type { Sink } from './sink.ts';
import { exchange, type VendorOptions } from './vendor.ts';
import { verdictOf } from './verdicts.ts';

/** `/users/track`: one boolean attribute per cohort on the users that exist. For everybody who has a REST key; updates are billed. */
export function trackSink({ restUrl, restApiKey }: CohortConnection['braze'], vendor: VendorOptions): Sink {
  const { objectsPerRequest, requests, windowMs } = usersTrackLimits;
  const pace = new Pace({ limit: requests, windowMs, burst: 500 });
  return {
    kind: 'track',
    groupSize: objectsPerRequest,
    concurrency: 12,
    // The attribute needs no creation, and keeps its name when the cohort is renamed.
    introduce: async () => ({ kind: 'accepted', refused: [] }),
    async send(cohort, group, stop) {
      await pace.turn(stop);
      const request = {
        url: new URL('/users/track', restUrl),
        headers: {
          authorization: `Bearer ${restApiKey?.reveal()}`,
          'content-type': 'application/json',
        },
        readAtMost: brazeAnswerBytes,
        body: JSON.stringify(preview(cohort.id, group)),
      };
      const sent = { to: 'track', changes: group.length } as const;
      return verdictOf(await exchange(request, vendor, stop), sent, [restApiKey]);
    },
    preview: (cohort, group) => preview(cohort.id, group),
    billedUpdates: changes => changes,
  };
}

function preview(cohort: string, group: Parameters<typeof trackAttributes>[0]) {
  return { attributes: trackAttributes(group, cohortAttribute(cohort)) };
}
