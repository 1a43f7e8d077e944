import { SerialQueue } from '@braze-mixpanel/concurrency';
import type { Storage } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import { backfillQueue } from '../../backfill/backfill-queue.ts';
import type { Activity, MonotonicMs } from '../../clock/index.ts';
import type { Config, ConnectionConfig } from '../../config/config.ts';
import { schemasClient } from '../../lexicon/schemas-client.ts';
import { type AnalyticsBudget, analyticsClient } from '../../vendor-http/braze-analytics.ts';
import { dayOf, type Exports } from '../exports.ts';
import { type Days, defaultDays } from './default-days.ts';
import { newestDaily } from './newest-daily.ts';
import { otherConnections } from './other-connections.ts';
import { dayAfter } from './own-facts.ts';
import { firstStep, reconcile } from './reconcile.ts';
import { type Report, reportSchema } from './report.ts';
import { beginSigns, interruptedText, type Signs } from './running-reports.ts';

export interface ReconcileRunnerOptions {
  readonly storage: Pick<Storage, 'journal' | 'receipts' | 'reconciliations'>;
  readonly exports: Pick<Exports, 'read'>;
  /** The present configuration. */
  readonly config: () => Config;
  readonly fetch: typeof fetch;
  readonly withoutSecrets: (text: string) => string;
  /** Requests that all readers of Braze's analytics may use. */
  readonly budget: AnalyticsBudget;
  readonly activity: Activity;
  readonly logger: Logger;
  readonly random: () => number;
  /** Milliseconds since 1970, by the schedules' clock. */
  readonly now: () => number;
  readonly monotonic: () => MonotonicMs;
  /** A signal that is aborted after so many milliseconds. */
  readonly timeout: (milliseconds: number) => AbortSignal;
}

/** Milliseconds until the last byte of an answer of Braze's analytics, or of Lexicon. */
const timeoutMs = 60_000;

/** Makes reports, one at a time, and keeps them. */
export class ReconcileRunner {
  readonly #options: ReconcileRunnerOptions;
  readonly #queue = new SerialQueue();
  readonly #stop = new AbortController();
  #last: Promise<unknown> = Promise.resolve();
  /** Reports that have not ended. */
  #open = 0;

  constructor(options: ReconcileRunnerOptions) {
    this.#options = options;
  }

  /**
   * From now on the outcomes of these connections are counted in full. Where an earlier release has counted
   * events of today, that is from tomorrow.
   */
  async countFromNow(connections: readonly string[]): Promise<void> {
    const { storage, now } = this.#options;
    const today = dayOf(now());
    for (const connection of connections) {
      if ((await storage.reconciliations.countedSince(connection)) !== undefined) continue;
      const queues = [connection, backfillQueue(connection)];
      const counts = queues.map(queue =>
        storage.journal.dayCounts({ connection: queue, from: '0000-01-01', to: today }),
      );
      const isNew = (await Promise.all(counts)).every(({ length }) => length === 0);
      await storage.reconciliations.countFrom(connection, isNew ? today : dayAfter(today));
    }
  }

  /** The newest daily report of a connection that is kept; `undefined` if there is none. */
  async newestDaily(connection: string): Promise<Report | undefined> {
    const { reconciliations } = this.#options.storage;
    const id = await newestDaily(connection, reconciliations);
    const found = id === undefined ? undefined : await reconciliations.get(id);
    return found && reportSchema.parse(JSON.parse(found.text));
  }

  /** `YYYY-MM-DD`, UTC. */
  today(): string {
    return dayOf(this.#options.now());
  }

  /** The days that a report of these connections has by default. */
  defaultDays(connections: readonly string[]): Promise<Days> {
    const { storage, now } = this.#options;
    return defaultDays(connections, storage.journal, now());
  }

  /** Begins a report, and resolves to its ID; `ended` resolves when it is kept, to `undefined` where it failed. */
  async begin(
    connection: ConnectionConfig,
    range: { readonly from: string; readonly to: string },
    { isDaily = false } = {},
  ): Promise<{ readonly id: number; readonly ended: Promise<Report | undefined> }> {
    const { storage, activity, now } = this.#options;
    const id = await storage.reconciliations.create({
      ...{ connection: connection.name, from: range.from, to: range.to, isDaily, startedAt: now() },
    });
    const signs = beginSigns(storage.reconciliations, id);
    signs.show(this.#open > 0 ? 'Waits until the report before it has ended.' : firstStep);
    this.#open += 1;
    const ended = activity.track(() => this.#queue.run(() => this.#make(id, connection, range, signs)));
    this.#last = ended;
    return { id, ended };
  }

  /** Stops reports that have not ended, and resolves when that is stored. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#last;
  }

  async #make(
    id: number,
    connection: ConnectionConfig,
    range: { readonly from: string; readonly to: string },
    signs: Signs,
  ): Promise<Report | undefined> {
    const { storage, exports, config, logger, now, timeout } = this.#options;
    const stop = this.#stop.signal;
    const end = (state: 'done' | 'failed' | 'interrupted', text: string) =>
      storage.reconciliations.end({ id, at: now(), state, text });
    try {
      stop.throwIfAborted();
      const since = await storage.reconciliations.countedSince(connection.name);
      const report = await reconcile(connection, range, {
        ...{ journal: storage.journal, receipts: storage.receipts },
        ...{ now: now(), timeout, onProgress: signs.show },
        others: otherConnections(connection, config().connections),
        exports: {
          read: (of, request, take) =>
            exports.read(of, { ...request, stop: AbortSignal.any([stop, request.stop ?? stop]) }, take),
        },
        analytics: this.#analytics(connection),
        lexicon: () => this.#lexicon(connection),
        threshold: config().reconcile.threshold,
        keptMs: config().retention.deliveredMs,
        countedSince: since ?? dayAfter(dayOf(now())),
      });
      if (stop.aborted) throw new Error(interruptedText);
      await end('done', JSON.stringify(report));
      return report;
    } catch (error) {
      if (!stop.aborted) logger.error({ err: error, connection: connection.name }, 'a reconciliation failed');
      const failed = () => end('failed', 'It failed; the log of the service says why.');
      await (stop.aborted ? end('interrupted', interruptedText) : failed()).catch(() => undefined);
      return undefined;
    } finally {
      this.#open -= 1;
      signs.end();
    }
  }

  #analytics({ braze: { restUrl, analyticsKey } }: ConnectionConfig) {
    const { fetch, withoutSecrets, budget, now, config, random } = this.#options;
    if (restUrl === undefined || analyticsKey === undefined)
      return "BRAZE_REST_URL and BRAZE_ANALYTICS_KEY are not both set, so Braze's own numbers are not read.";
    const vendor = { fetch, timeoutMs, now };
    return analyticsClient({
      restUrl,
      key: analyticsKey,
      vendor,
      withoutSecrets,
      budget,
      stop: this.#stop.signal,
      retries: { policy: config().delivery, random },
    });
  }

  /** Waits for no limit: it is one request. */
  #lexicon({ mixpanel }: ConnectionConfig) {
    const { fetch, config, now, monotonic, random } = this.#options;
    return schemasClient({
      ...{ mixpanel, vendor: { fetch, timeoutMs, now }, policy: config().delivery, random, monotonic },
      wait: async () => undefined,
    });
  }
}
