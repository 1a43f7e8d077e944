import type { Logger } from 'pino';
import { type Clock, ScheduledJob } from '../../clock/index.ts';
import type { Config } from '../../config/config.ts';
import { dayOf } from '../exports.ts';
import type { ReconcileRunner } from './reconcile-runner.ts';
import type { Report } from './report.ts';

export interface DailyReportsOptions {
  readonly runner: Pick<ReconcileRunner, 'begin' | 'newestDaily'>;
  /** The present configuration. */
  readonly config: () => Pick<Config, 'connections' | 'reconcile'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The newest daily report of a connection; `undefined` when another replica makes the next ones. */
  readonly onReport: (connection: string, report: Report | undefined) => void;
}

const dayMs = 86_400_000;
/** After midnight UTC: the time at which most batches of the day before have come. */
const hourMs = 3 * 3_600_000;

/**
 * Makes a report of the last `RECONCILE_DAYS` days for each connection every day at 03:00 UTC; none for 0 days.
 * One replica does it.
 */
export class DailyReports {
  readonly #options: DailyReportsOptions;
  readonly #job: ScheduledJob;
  readonly #restored: Promise<void>;
  #closed = false;

  constructor(options: DailyReportsOptions) {
    const { clock } = options;
    this.#options = options;
    this.#restored = this.#restore();
    this.#job = new ScheduledJob({
      clock,
      name: 'daily reconcile report',
      nextAt: () => (Math.floor((clock.now() - hourMs) / dayMs) + 1) * dayMs + hourMs,
      run: () => this.#report(),
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { name } of this.#options.config().connections) this.#options.onReport(name, undefined);
    await this.#restored;
    await this.#job.close();
  }

  /** What a former process reported. */
  async #restore(): Promise<void> {
    const { runner, config, logger } = this.#options;
    try {
      for (const { name } of config().connections) this.#observe(name, await runner.newestDaily(name));
    } catch (error) {
      logger.error({ err: error }, 'the newest reconciliation could not be read');
    }
  }

  #observe(connection: string, report: Report | undefined): void {
    if (!this.#closed && report !== undefined) this.#options.onReport(connection, report);
  }

  async #report(): Promise<void> {
    const { runner, config, clock, logger } = this.#options;
    const { connections, reconcile } = config();
    const now = clock.now();
    const range = { from: dayOf(now - reconcile.days * dayMs), to: dayOf(now - dayMs) };
    try {
      for (const connection of reconcile.days === 0 ? [] : connections) {
        if (this.#closed) return;
        const { ended } = await runner.begin(connection, range, { isDaily: true });
        this.#observe(connection.name, await ended);
      }
    } catch (error) {
      logger.error({ err: error }, 'a daily reconciliation could not be stored; the next one is tomorrow');
    }
  }
}
