import type { ConnectionConfig } from '../config/config.ts';
import { AnalyticsBudget, analyticsClient, type ReadAnalytics } from '../vendor-http/braze-analytics.ts';
import type { RetryPolicy } from '../vendor-http/retry-delay.ts';
import { replaceTable } from './replace-table.ts';

export interface VendorAccessOptions {
  readonly fetch: typeof fetch;
  readonly withoutSecrets: (text: string) => string;
  /** Requests that all readers of Braze's analytics may use. */
  readonly budget: Pick<AnalyticsBudget, 'take'>;
  /** Milliseconds since 1970, by the schedules' clock. */
  readonly now: () => number;
  /** Waits before a failed read of Braze is tried again, by the present configuration. */
  readonly policy: () => RetryPolicy;
  readonly random: () => number;
}

/** The requests of a run. */
export interface VendorAccess {
  readonly read: ReadAnalytics;
  /** Replaces a table; resolves to the reason why Mixpanel did not confirm it. */
  readonly replace: (id: string, csv: string) => Promise<string | undefined>;
}

const minuteMs = 60_000;
/** Milliseconds until the last byte of the answer of Mixpanel: a table may have 100 MB. */
const replaceTimeoutMs = 5 * minuteMs;

/**
 * Gives the requests of each connection. Reads use at most half of the share of all readers, in each minute its part:
 * reports and sends do not wait for a run.
 */
export function vendorAccess(options: VendorAccessOptions) {
  const { fetch, withoutSecrets, budget, now, policy, random } = options;
  const spread = new AnalyticsBudget(0.01, minuteMs);
  const vendor = (timeoutMs: number) => ({ fetch, timeoutMs, now });
  return ({ mixpanel, braze }: ConnectionConfig, stop: AbortSignal): VendorAccess => {
    const { restUrl, analyticsKey: key } = braze;
    if (restUrl === undefined || key === undefined)
      throw new Error('Lookup tables without access to Braze passed the check of the configuration.');
    return {
      read: analyticsClient({
        ...{ restUrl, key, withoutSecrets, stop, vendor: vendor(minuteMs) },
        retries: { policy: policy(), random },
        budget: {
          take: (...use) => {
            spread.take(...use);
            budget.take(...use);
          },
        },
      }),
      replace: (id, csv) =>
        replaceTable(id, csv, { mixpanel, vendor: vendor(replaceTimeoutMs), withoutSecrets, stop }),
    };
  };
}
