import type { ConnectionConfig } from '../config/config.ts';
import { checkAnalyticsKey } from './analytics-key.ts';
import type { Ask } from './ask.ts';
import { type CheckResult, skipped } from './check-result.ts';

const counts = "Braze's counts";
const zone = 'Time zone of Braze';

/** Checks what `reconcile` needs of Braze: the permissions of BRAZE_ANALYTICS_KEY, and the time zone of its days. */
export async function checkReconcile(braze: ConnectionConfig['braze'], ask: Ask): Promise<CheckResult[]> {
  if (braze.restUrl === undefined || braze.analyticsKey === undefined)
    return [
      skipped(
        counts,
        "BRAZE_REST_URL and BRAZE_ANALYTICS_KEY are not both set, so reconcile does not know Braze's own numbers.",
      ),
      skipped(
        zone,
        `Not known: BRAZE_TIMEZONE is ${braze.timeZone} or not set, and no count of Braze is read that has its days.`,
      ),
    ];
  return [
    await checkAnalyticsKey(
      braze,
      {
        about: counts,
        paths: [
          ...(['/campaigns/list', '/campaigns/data_series', '/canvas/list', '/canvas/data_series'] as const),
          ...(['/events/list', '/events/data_series', '/purchases/quantity_series'] as const),
          '/sends/data_series',
        ],
        purpose: 'the counts of reconcile',
        optional: ['/sends/data_series'],
      },
      ask,
    ),
    skipped(
      zone,
      `Assumed: days of Braze's counts are those of ${braze.timeZone} (BRAZE_TIMEZONE). No API of Braze states it, so it is not checked: compare it with the company settings there.`,
    ),
  ];
}
