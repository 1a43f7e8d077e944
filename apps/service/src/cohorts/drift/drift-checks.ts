import type { Logger } from 'pino';
import { type Activity, type Clock, ScheduledJob } from '../../clock/index.ts';
import { withoutSecretsOf } from '../../secrets/without-secrets.ts';
import { type AnalyticsBudget, analyticsClient } from '../../vendor-http/braze-analytics.ts';
import type { RetryPolicy } from '../../vendor-http/retry-delay.ts';
import type { CohortConnection } from '../connection.ts';
import type { SyncRunner } from '../syncs/sync-runner.ts';
import { checkDrift } from './check-drift.ts';

export interface DriftChecksOptions {
  readonly runners: () => readonly SyncRunner[];
  /** The settings of a connection by its name. */
  readonly settings: (connection: string) => CohortConnection;
  readonly fetchOf: (connection: string) => typeof fetch;
  readonly timeoutMs: number;
  readonly policy: RetryPolicy;
  readonly random: () => number;
  readonly budget: AnalyticsBudget;
  readonly clock: Clock;
  readonly activity: Activity;
  readonly logger: Logger;
  readonly stop: AbortSignal;
}

const dayMs = 86_400_000;
/** After midnight UTC: an hour after the daily reports of `reconcile`, which share Braze's limit. */
const hourMs = 4 * 3_600_000;

/**
 * Compares every cohort that has a segment in `COHORT_SEGMENTS` with the size of that segment in Braze, every day at
 * 04:00 UTC: one request each, within 2 % of Braze's hourly limit.
 */
export class DriftChecks {
  readonly #options: DriftChecksOptions;
  readonly #job: ScheduledJob;

  constructor(options: DriftChecksOptions) {
    const { clock, activity } = options;
    this.#options = options;
    this.#job = new ScheduledJob({
      clock,
      name: 'comparison of cohorts with segments',
      nextAt: () => (Math.floor((clock.now() - hourMs) / dayMs) + 1) * dayMs + hourMs,
      run: () => activity.track(() => this.#checkAll()),
    });
  }

  /**
   * Removes comparisons with segments that `COHORT_SEGMENTS` no longer has, so that they are neither shown nor
   * alerted on.
   */
  async removeOutdated(): Promise<void> {
    for (const runner of this.#options.runners()) {
      const { drift } = runner.sync.record;
      if (drift !== undefined && drift.segment !== this.#segmentOf(runner))
        await runner.sync.update(record => ({ ...record, drift: undefined }));
    }
  }

  /** Resolves once no check is in progress, which `stop` ends. */
  close(): Promise<void> {
    return this.#job.close();
  }

  async #checkAll(): Promise<void> {
    const { runners, stop, logger } = this.#options;
    for (const runner of runners()) {
      if (stop.aborted) return;
      await this.#check(runner).catch((error: unknown) =>
        logger.error({ err: error, sync: runner.sync.record.id }, 'a drift check could not be stored'),
      );
    }
  }

  async #check(runner: SyncRunner): Promise<void> {
    const { sync } = runner;
    const segment = this.#segmentOf(runner);
    if (segment === undefined) return;
    const drift = await checkDrift(segment, sync.record, {
      read: this.#reader(sync.record.connection),
      now: this.#options.clock.now(),
    });
    await sync.update(record => ({ ...record, drift }));
  }

  #segmentOf({ sync }: SyncRunner): string | undefined {
    const { connection, cohort } = sync.record;
    const { segments } = this.#options.settings(connection);
    return Object.hasOwn(segments, cohort) ? segments[cohort] : undefined;
  }

  #reader(connection: string) {
    const { settings, fetchOf, timeoutMs, policy, random, clock, stop, budget } = this.#options;
    const { braze, analyticsKey } = settings(connection);
    if (braze.restUrl === undefined || analyticsKey === undefined) return undefined;
    return analyticsClient({
      ...{ restUrl: braze.restUrl, key: analyticsKey, budget, stop },
      vendor: { fetch: fetchOf(connection), timeoutMs, now: () => clock.now() },
      withoutSecrets: withoutSecretsOf([analyticsKey]),
      retries: { policy, random },
    });
  }
}
