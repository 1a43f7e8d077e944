import type { Retention, Storage } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import type { Activity, Clock } from '../clock/index.ts';
import type { Config } from '../config/config.ts';
import { oldestSeen } from '../events/first-seen/first-seen-names.ts';
import { oldestDay } from '../events/ids/id-observer.ts';
import { keptMs } from '../observability/history/metric-recorder.ts';

export interface SweeperOptions {
  readonly storage: Pick<Storage, 'sweep' | 'idSummaries' | 'firstSeen' | 'metricHistory'>;
  /** The present configuration. */
  readonly retention: () => Config['retention'];
  readonly clock: Clock;
  readonly activity: Activity;
  readonly logger: Logger;
}

const longestWaitMs = 3_600_000;
const shortestWaitMs = 60_000;
/**
 * Running time after which the clock is trusted. One that is wrong at the start, or set back by mistake, is
 * corrected sooner: until then no stamp counts as ahead.
 */
const trustedAfterMs = 6 * 3_600_000;

/**
 * Deletes rows that are older than their retention: at once, then every hour, or every quarter of the
 * shortest retention where that is less. It uses the schedules' clock. One replica does it at a time.
 */
export class Sweeper {
  readonly #options: SweeperOptions;
  readonly #ignoreClock: () => void;
  #cancel: () => void = () => undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #closed = false;
  /** By the schedules' clock. */
  #trustedFrom: number;

  constructor(options: SweeperOptions) {
    this.#options = options;
    this.#trustedFrom = options.clock.now() + trustedAfterMs;
    // The next time would be too far ahead.
    this.#ignoreClock = options.clock.onSetBack(() => {
      this.#trustedFrom = options.clock.now() + trustedAfterMs;
      return this.#again();
    });
    void this.#sweep();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#ignoreClock();
    this.#cancel();
    await this.#sweeping;
  }

  async #again(): Promise<void> {
    await this.#sweeping;
    this.#cancel();
    await this.#sweep();
  }

  #sweep(): Promise<void> {
    const { storage, retention, clock, activity, logger } = this.#options;
    this.#sweeping = activity.track(async () => {
      try {
        const now = clock.now();
        const swept = await storage.sweep({
          ...boundsOf(retention(), now),
          ...(now >= this.#trustedFrom && { now }),
        });
        await storage.idSummaries.dropBefore(oldestDay(now));
        await storage.firstSeen.dropBefore(oldestSeen(now));
        for (const length of ['minute', 'hour'] as const)
          await storage.metricHistory.dropBefore(length, now - keptMs[length]);
        if (Object.values(swept).some(count => count > 0))
          logger.info({ swept }, 'data older than its retention was deleted');
      } catch (error) {
        logger.error({ err: error }, 'data older than its retention could not be deleted; retrying');
      }
      if (this.#closed) return;
      this.#cancel = clock.schedule(clock.now() + waitOf(retention()), () => this.#sweep(), 'retention');
    });
    return this.#sweeping;
  }
}

function boundsOf(
  { deliveredMs, deadLettersMs, auditMs, daysMs, cohortPagesMs }: Config['retention'],
  now: number,
): Retention {
  return {
    // Bodies kept under a former configuration are deleted too.
    deliveredBefore: now - deliveredMs,
    cohortPagesBefore: now - cohortPagesMs,
    ...(deadLettersMs !== undefined && { deadLettersBefore: now - deadLettersMs }),
    ...(auditMs !== undefined && { auditBefore: now - auditMs }),
    ...(daysMs !== undefined && { daysBefore: new Date(now - daysMs).toISOString().slice(0, 10) }),
  };
}

function waitOf(retention: Config['retention']): number {
  const given = Object.values(retention).filter((each): each is number => each !== undefined && each > 0);
  return Math.max(
    shortestWaitMs,
    given.reduce((least, each) => Math.min(least, each / 4), longestWaitMs),
  );
}
