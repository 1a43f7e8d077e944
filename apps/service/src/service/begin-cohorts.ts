import type { Storage } from '@braze-mixpanel/storage';
import type { Activity } from '../clock/index.ts';
import { type CohortConnection, CohortService } from '../cohorts/index.ts';
import type { Config, ConnectionConfig } from '../config/config.ts';
import type { Instrumentation } from '../observability/instrumentation.ts';
import type { AnalyticsBudget } from '../vendor-http/braze-analytics.ts';
import type { ServiceDependencies } from './dependencies.ts';

interface CohortParts {
  readonly storage: Pick<Storage, 'cohorts'>;
  readonly activity: Activity;
  readonly instrumentation: Instrumentation;
  readonly budget: AnalyticsBudget;
  readonly dependencies: ServiceDependencies;
}

/**
 * Starts the cohort syncs of a configuration. @throws CohortError when it can't serve them; none of them runs
 * then
 */
export async function beginCohorts(
  config: Config,
  { storage, activity, instrumentation, budget, dependencies }: CohortParts,
): Promise<CohortService> {
  const { clock, logger, fetch, random } = dependencies;
  const fetchOf = (connection: string) => instrumentation.cohorts(connection, fetch);
  const { delivery: policy } = config;
  const { timeoutMs } = policy;
  const connections = config.connections.map(cohortConnection);
  const cohorts = new CohortService({
    ...{ connections, store: storage.cohorts, clock, activity, logger, fetchOf, random, policy, timeoutMs },
    budget,
  });
  try {
    // Tracked, so that a simulated clock does not advance before the schedules exist.
    await activity.track(() => cohorts.start());
    return cohorts;
  } catch (error) {
    await cohorts.close();
    throw error;
  }
}

function cohortConnection({ name, mixpanel, webhook, braze, cohorts }: ConnectionConfig): CohortConnection {
  const { entries, ...schedule } = cohorts;
  const wanted = entries.map(({ interval, ...entry }) => ({ ...entry, intervalMs: interval }));
  const { analyticsKey } = braze;
  return { name, mixpanel, webhook, braze, analyticsKey, ...schedule, entries: wanted };
}
