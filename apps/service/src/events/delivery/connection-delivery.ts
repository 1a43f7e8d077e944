import { WakeSignal } from '@braze-mixpanel/concurrency';
import { importLimits } from '@braze-mixpanel/core/mixpanel';
import type { Journal, LeasedBatch, PendingBatch } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import type { DeliveryConfig } from '../../config/config.ts';
import { retryDelay } from '../../vendor-http/retry-delay.ts';
import {
  adoptWait,
  type Circuit,
  type CircuitEvent,
  firstCircuit,
  nextCircuit,
  pauseOf,
  probesSetUp,
} from './circuit-breaker.ts';
import { deliverUnit, notStored, type UnitResult } from './deliver-unit.ts';
import { DeliveryReport, type LastError } from './delivery-report.ts';
import { handleAlone, needsCare, Unreadable } from './handle-alone.ts';
import type { ImportClient } from './import-client.ts';
import { LeaseReleases } from './lease-releases.ts';
import { asksToWait, readWait, storeWait } from './stored-wait.ts';
import type { SuspectTurn } from './suspect-turn.ts';
import type { Failure } from './verdict.ts';

/**
 * Delivers one connection's batches: lease → map → pack → send → complete, several units at once.
 *
 * - A row is completed when every one of its events has a final answer; its counts and dead letters are written in that
 *   transaction. Until then nothing of it counts, so whatever happens in between is no more than a repeated request, and Mixpanel
 *   recognises repeated events by their `$insert_id`.
 * - A row that a failure kept from completing is given back with a `not_before`. Retries run on monotonic time; leases on the
 *   database's, renewed while a unit is in flight.
 * - What Mixpanel asks to wait is stored: it survives a restart, and other replicas keep it as soon as they lease nothing by it.
 * - A crash leaves leased rows behind; their leases end and they are sent again. Each is tried by itself first, in case it caused the crash.
 * - Events whose time has not come are held: completing their row puts them back, in a batch of their own until then.
 * - `stop` takes no new rows, lets requests in flight finish, then gives the rest back.
 */
export interface ConnectionDeliveryOptions {
  readonly connection: string;
  /** Takes no rows: they stay where they are. */
  readonly held?: boolean;
  readonly owner: string;
  readonly journal: Pick<
    Journal,
    'lease' | 'renew' | 'complete' | 'release' | 'acquit' | 'split' | 'postpone' | 'postponed'
  >;
  readonly send: ImportClient;
  /** Shared by all deliveries of the process. */
  readonly suspects: SuspectTurn;
  readonly config: DeliveryConfig;
  readonly logger: Logger;
  /** Cuts secrets out of a text of the vendor. */
  readonly withoutSecrets: (text: string) => string;
  readonly random: () => number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly monotonic: () => number;
  /** Does the work of one unit where others can see it. */
  readonly observed?: <T>(rows: readonly LeasedBatch[], work: () => Promise<T>) => Promise<T>;
}

/** What `/status` shows of a connection's delivery. */
export interface DeliveryStatus {
  readonly state: 'idle' | 'delivering' | 'retrying' | 'parked' | 'held';
  readonly requestsInFlight: number;
  /** How many the answers of late allow at once. */
  readonly requestsAtMost: number;
  readonly failuresInARow: number;
  readonly nextAttemptInMs: number | undefined;
  readonly lastError: LastError | undefined;
  /** When Mixpanel last imported something. */
  readonly lastSuccessAt: string | undefined;
  /** What looked like a placeholder in external ids since the start of this process; absent where nothing did. */
  readonly placeholderIds?: readonly { readonly id: string; readonly events: number }[];
}

/** Whether batches do not leave: Mixpanel is away or refuses, or they are held. */
export const isWaiting = (status: DeliveryStatus | undefined): boolean =>
  status?.state === 'retrying' || status?.state === 'parked' || status?.state === 'held';

/** Of bodies as they came, for all units together: parsed and mapped they take several times this. */
const leasedBytes = 2 * importLimits.requestBytes;
/** For one unit: more would not fit into one request. */
const unitBytes = importLimits.requestBytes / 2;
/** After rows that did not fill a request, wait this long for more of them: a trickle must not become a flood of requests. */
const batchingDelayMs = 50;
/** How often rows are looked for that nobody announced: those of a former process or of another replica. */
const idleMs = 1_000;
/** Rows become due a little after the wait of the whole connection, so that a row that always fails never blocks the others. */
const afterOthers = 1.05;

export class ConnectionDelivery {
  readonly #options: ConnectionDeliveryOptions;
  readonly #wakeSignal = new WakeSignal();
  readonly #abort = new AbortController();
  readonly #units = new Set<Promise<void>>();
  readonly #releases: LeaseReleases;
  readonly #report: DeliveryReport;
  #circuit: Circuit;
  #leaseAt = Number.NEGATIVE_INFINITY;
  #leasedAt = Number.NEGATIVE_INFINITY;
  #stopping = false;
  #loop: Promise<void> | undefined;

  constructor(options: ConnectionDeliveryOptions) {
    this.#options = options;
    const { journal, owner, monotonic, config } = options;
    this.#circuit = firstCircuit(config);
    this.#report = new DeliveryReport(options);
    this.#releases = new LeaseReleases((ids, retry) => journal.release(owner, ids, retry), monotonic);
  }

  start(): void {
    if (this.#options.held) return;
    this.#loop ??= this.#run();
  }

  /** There is something new to deliver. */
  wake(): void {
    this.#leaseBy(this.#leasedAt + batchingDelayMs);
  }

  status(): DeliveryStatus {
    const circuit = this.#circuit;
    const waiting = circuit.kind !== 'flowing';
    const { lastError, lastSuccessAt, placeholders } = this.#report;
    const placeholderIds = placeholders.list();
    return {
      state: this.#options.held
        ? 'held'
        : waiting
          ? circuit.kind
          : this.#units.size > 0
            ? 'delivering'
            : 'idle',
      requestsInFlight: this.#units.size,
      requestsAtMost: waiting ? 1 : Math.floor(circuit.limit),
      failuresInARow: waiting ? circuit.failures : 0,
      nextAttemptInMs: waiting
        ? Math.max(0, Math.round(circuit.until - this.#options.monotonic()))
        : undefined,
      lastError,
      lastSuccessAt,
      ...(placeholderIds.length > 0 && { placeholderIds }),
    };
  }

  /** Resolves when nothing is in flight and no row is held any more, `graceMs` from now at the latest. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#wakeSignal.notify();
    const grace = setTimeout(() => this.#abort.abort(), graceMs);
    await this.#loop;
    await Promise.all(this.#units);
    await this.#releases.flush().catch(() => undefined);
    clearTimeout(grace);
  }

  async #run(): Promise<void> {
    await this.#lookForWait();
    while (!this.#stopping) {
      const now = this.#options.monotonic();
      const pause = pauseOf(this.#circuit, now, this.#units.size);
      const wait = pause === undefined ? undefined : Math.max(pause, this.#leaseAt - now);
      if (wait === undefined || wait > 0) await this.#wakeSignal.wait(wait);
      else await this.#leaseOnce();
    }
  }

  async #leaseOnce(): Promise<void> {
    const { suspects } = this.#options;
    const alone = this.#units.size === 0 && suspects.take();
    try {
      await this.#leaseRows(alone);
    } finally {
      if (alone) suspects.giveBack();
    }
  }

  /** @param alone a suspect may be among them */
  async #leaseRows(alone: boolean): Promise<void> {
    const { connection, owner, journal, config, now } = this.#options;
    const { leaseMs } = config;
    const { since, limit } = this.#circuit;
    const maxRows = probesSetUp(this.#circuit) ? 1 : importLimits.eventsPerRequest;
    const maxBytes = Math.min(unitBytes, leasedBytes / Math.floor(limit));
    this.#leasedAt = this.#options.monotonic();
    this.#leaseAt = this.#leasedAt + idleMs;
    let rows: LeasedBatch[];
    try {
      await this.#releases.flush();
      const maxEvents = importLimits.eventsPerRequest;
      const bounds = { maxRows, maxEvents, maxBytes, alone };
      rows = await journal.lease({ connection, owner, leaseMs, ...bounds, now: now() });
    } catch (error) {
      await this.#failed(since, notStored(error));
      return;
    }
    const [first] = rows;
    if (first === undefined) {
      // It may have been another connection's turn.
      if (!alone && this.#units.size === 0) this.#leaseBy(this.#leasedAt + batchingDelayMs);
      return this.#lookForWait();
    }
    if (needsCare(first)) return this.#handleAlone(first, since);
    const events = rows.reduce((sum, row) => sum + row.events, 0);
    const bytes = rows.reduce((sum, row) => sum + row.body.byteLength, 0);
    const full = events >= importLimits.eventsPerRequest / 2 || bytes >= maxBytes / 2;
    this.#leaseBy(full ? this.#leasedAt : this.#leasedAt + batchingDelayMs);
    const { observed = (_rows, work) => work() } = this.#options;
    const unit = observed(rows, () => this.#deliver(rows, since)).finally(() => {
      this.#units.delete(unit);
      // A suspect may wait for nothing else to be in hand.
      if (this.#units.size === 0) this.#leaseBy(this.#leasedAt + batchingDelayMs);
      this.#wakeSignal.notify();
    });
    this.#units.add(unit);
  }

  /** No other row is leased meanwhile. */
  async #handleAlone(row: LeasedBatch, since: number): Promise<void> {
    try {
      await handleAlone(row, this.#options);
      this.#leaseBy(this.#options.monotonic());
    } catch (error) {
      if (error instanceof Unreadable) {
        this.#report.note('batch_unreadable', `batch ${row.id}: ${error.message}`);
        await this.#release([row], this.#options.config.parkMs);
      } else {
        await this.#failed(since, notStored(error));
        await this.#release([row], 0, false);
      }
    } finally {
      giveUpMemory(row.body);
    }
  }

  async #deliver(leased: readonly LeasedBatch[], sentSince: number): Promise<void> {
    const { owner, journal, logger, config } = this.#options;
    const { leaseMs } = config;
    const ids = leased.map(row => row.id);
    const renewal = setInterval(() => {
      journal
        .renew(owner, ids, leaseMs)
        .catch(error => logger.warn({ err: error }, 'leases could not be renewed'));
    }, leaseMs / 3);
    try {
      const result = await deliverUnit(leased, { ...this.#options, stop: this.#abort.signal });
      for (const { row, why } of result.unreadable) {
        this.#report.note('batch_unreadable', `batch ${row.id}: ${why}`);
        await this.#release([row], config.parkMs);
      }
      const refused = this.#report.ended(result.settled);
      if (result.failure === undefined) this.#succeeded(sentSince, result, refused > 0);
      else {
        await this.#failed(sentSince, result.failure);
        await this.#giveBack(result.unsettled, result.failure);
      }
    } finally {
      clearInterval(renewal);
      for (const row of leased) giveUpMemory(row.body);
    }
  }

  /** A unit of which nothing was meant for Mixpanel only shows that storage works. */
  #succeeded(sentSince: number, { sent }: UnitResult, someRefused: boolean): void {
    const before = this.#circuit;
    const storageFailed = before.kind !== 'flowing' && before.failure.code === 'outcome_not_stored';
    if (!sent && !storageFailed) return;
    this.#circuit = this.#next({ kind: 'settled', sentSince, inFlight: this.#units.size });
    if (this.#circuit.kind !== before.kind) this.#report.resumed();
    if (this.#circuit.kind === 'flowing' && !someRefused) this.#report.resolved();
  }

  async #failed(sentSince: number, failure: Failure): Promise<void> {
    const { connection, journal, monotonic, logger } = this.#options;
    if (this.#stopping && !asksToWait(failure)) return;
    const before = this.#circuit;
    this.#circuit = this.#next({ kind: 'failed', sentSince, failure });
    const known = before.kind !== 'flowing' && before.failure.code === failure.code;
    this.#report.note(failure.code, failure.detail, known || this.#circuit === before ? 'debug' : 'warn');
    if (this.#circuit === before) return;
    await storeWait(journal, connection, this.#circuit, monotonic()).catch(error =>
      logger.debug({ err: error, connection }, 'the wait of the connection could not be stored'),
    );
  }

  /** Keeps a wait that storage has, and goes on where one that was only read there is over. */
  async #lookForWait(): Promise<void> {
    const { connection, journal, monotonic, logger } = this.#options;
    const before = this.#circuit;
    try {
      const wait = await readWait(journal, connection);
      if (this.#circuit !== before) return;
      if (wait === undefined) return this.#endAdoptedWait();
      this.#circuit = adoptWait(before, wait, monotonic());
      this.#leaseBy(monotonic() + wait.forMs);
      if (this.#circuit === before) return;
      this.#report.note(wait.failure.code, wait.failure.detail, 'warn', wait.ageMs);
    } catch (error) {
      logger.debug({ err: error, connection }, 'the wait of the connection could not be read');
    }
  }

  #endAdoptedWait(): void {
    const circuit = this.#circuit;
    if (circuit.kind === 'flowing' || !circuit.adopted || circuit.until > this.#options.monotonic()) return;
    this.#circuit = this.#next({ kind: 'settled', sentSince: circuit.since, inFlight: 0 });
    this.#report.resolved();
  }

  #next(event: CircuitEvent): Circuit {
    const { monotonic, random, config } = this.#options;
    return nextCircuit(this.#circuit, event, monotonic(), random(), config);
  }

  /**
   * Gives rows back after a failure: each waits by its own number of attempts, and at least as long as the connection does by itself.
   * What Mixpanel asked for beyond that is the connection's wait alone: when that is over, rows are free.
   */
  async #giveBack(rows: readonly PendingBatch[], failure: Failure): Promise<void> {
    if (this.#stopping) return this.#release(rows, 0, false);
    const { random, config, monotonic } = this.#options;
    const circuit = this.#circuit;
    const longest = retryDelay(Number.POSITIVE_INFINITY, 1, config);
    const pause =
      circuit.kind === 'flowing' ? 0 : Math.min(circuit.until - monotonic(), longest) * afterOthers;
    for (const [attempts, group] of Map.groupBy(rows, row => row.attempts)) {
      // While the set-up is refused the circuit alone holds rows back: corrected and restarted, they go out at once.
      const own = failure.kind === 'park' ? 0 : retryDelay(attempts + 1, random(), config);
      await this.#release(group, failure.kind === 'park' ? 0 : Math.max(own, pause));
    }
  }

  async #release(rows: readonly PendingBatch[], delayMs: number, attempt = true): Promise<void> {
    const { monotonic } = this.#options;
    if (rows.length === 0) return;
    const ids = rows.map(row => row.id);
    await this.#releases.release(ids, delayMs, attempt);
    if (!this.#stopping) setTimeout(() => this.#leaseBy(monotonic()), Math.ceil(delayMs)).unref();
  }

  /** Rows will be there at this monotonic time: look for them then, or before. */
  #leaseBy(at: number): void {
    this.#leaseAt = Math.min(this.#leaseAt, at);
    this.#wakeSignal.notify();
  }
}

/**
 * Frees the memory of a body that nobody reads any more. The collector, which counts objects and not the bytes behind them, would
 * let tens of megabytes of them wait. Bytes that share their memory with others are left alone.
 */
function giveUpMemory({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
