import { SerialQueue } from '@braze-mixpanel/concurrency';
import type { ConnectionCounts, Journal, MetricHistory, MetricSpan } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import { connectionOfQueue } from '../../backfill/backfill-queue.ts';
import { type Figures, mergeFigures, parseFigures } from './figures.ts';
import type { ConnectionLatencies, Latencies } from './latencies.ts';
import { LatencyHistogram } from './latency-histogram.ts';

export interface MetricRecorderOptions {
  readonly store: MetricHistory;
  readonly journal: Pick<Journal, 'counts'>;
  readonly latencies: Latencies;
  /** Names of the recorded connections and queues. */
  readonly connections: () => Iterable<string>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly logger: Logger;
}

const minuteMs = 60_000;
const lengths = { minute: minuteMs, hour: 60 * minuteMs } as const;
/** How long the spans of each length are kept. */
export const keptMs = { minute: 6 * 60 * minuteMs, hour: 14 * 24 * 60 * minuteMs } as const;
/** Time between two readings above which it is not known when their difference arose: the machine slept, say. */
const longestMs = 1.5 * minuteMs;
/** Attempts to write a span that other replicas write as well. */
const mostAttempts = 20;

type Counted = Pick<ConnectionCounts, 'accepted' | 'imported'>;
type Present = Counted & Pick<ConnectionCounts, 'pending' | 'deadLettered' | 'oldestPendingAt'>;
const none: Present = {
  ...{ accepted: 0, imported: 0, pending: 0 },
  ...{ deadLettered: {}, oldestPendingAt: undefined },
};

/**
 * Records the figures of each connection for charts: at the end of every minute, into the span of that minute and
 * of its hour. Replicas write the same spans. The first minute of a process begins with its start; a minute
 * that was not recorded is absent, and so not known.
 */
export class MetricRecorder {
  readonly #options: MetricRecorderOptions;
  #before: { at: number; counts: Readonly<Record<string, Counted>> } | undefined;
  readonly #recordings = new SerialQueue();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: MetricRecorderOptions) {
    this.#options = options;
  }

  /** Begins with the present counts. */
  async start(): Promise<void> {
    await this.record();
    this.#wait(this.#untilNextMinute());
  }

  /** Records what happened since the last call. If storage fails, that minute is not known. */
  record(): Promise<void> {
    return this.#recordings
      .run(() => this.#record())
      .catch(error => this.#options.logger.warn({ err: error }, 'the figures of a minute are not recorded'));
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#recordings.idle();
  }

  #untilNextMinute(): number {
    return minuteMs - (this.#options.now() % minuteMs);
  }

  /** By real time: a simulated clock that jumps ahead has no minutes to record. */
  #wait(ms: number): void {
    this.#timer = setTimeout(async () => {
      await this.record();
      if (this.#timer === undefined) return;
      const next = this.#untilNextMinute();
      // A timer may be early, and a simulated clock may stand still just before the end of its minute.
      this.#wait(next < minuteMs / 2 ? next + minuteMs : next);
    }, ms).unref();
  }

  async #record(): Promise<void> {
    const { journal, connections, latencies, now } = this.#options;
    const counts = await journal.counts();
    const at = now();
    const before = this.#before;
    this.#before = { at, counts };
    const measured = latencies.take();
    if (before === undefined || at <= before.at || at - before.at > longestMs) return;
    for (const connection of connections()) {
      // A queue of back-filled events has no figures before its first back-fill.
      if (counts[connection] === undefined && connectionOfQueue(connection) !== connection) continue;
      const figures = figuresOf({
        ...{ at, measured: measured.get(connection) },
        before: before.counts[connection] ?? none,
        counts: counts[connection] ?? none,
      });
      const minute = Math.round(at / minuteMs) * minuteMs - minuteMs;
      for (const length of ['minute', 'hour'] as const)
        await this.#add({ connection, length, at: minute - (minute % lengths[length]) }, figures);
    }
  }

  /** Merges figures into a span; repeated if another process wrote it in between. */
  async #add(span: MetricSpan, figures: Figures): Promise<void> {
    const { store } = this.#options;
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const stored = await store.get(span);
      const known = parseFigures(stored?.text);
      const text = JSON.stringify(known === undefined ? figures : mergeFigures(known, figures));
      if (await store.put({ ...span, revision: stored?.revision ?? 0, text })) return;
    }
    throw new Error(`The figures of ${span.connection} are written too often by other processes.`);
  }
}

interface Reading {
  readonly at: number;
  readonly before: Counted;
  readonly counts: Present;
  readonly measured: ConnectionLatencies | undefined;
}

function figuresOf({ at, before, counts, measured }: Reading): Figures {
  const { accepted, imported, pending, deadLettered, oldestPendingAt } = counts;
  const empty = new LatencyHistogram();
  return {
    accepted: [before.accepted, accepted],
    imported: [before.imported, imported],
    backlog: pending,
    deadLetters: Object.values(deadLettered).reduce((sum, each) => sum + each, 0),
    oldestSeconds:
      oldestPendingAt === undefined ? 0 : Math.max(0, Math.round((at - oldestPendingAt) / 1_000)),
    acknowledgement: (measured?.acknowledgement ?? empty).toJSON(),
    import: (measured?.import ?? empty).toJSON(),
  };
}
