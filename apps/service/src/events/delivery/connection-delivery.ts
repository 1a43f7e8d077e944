import { WakeSignal } from '@braze-mixpanel/concurrency';
import { importLimits, type ProjectTimeZone } from '@braze-mixpanel/core/mixpanel';
import type { Journal, LeasedBatch, PendingBatch } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import { type EpochMs, later, type MonotonicMs, monotonicMs } from '../../clock/index.ts';
import type { DeliveryConfig } from '../../config/config.ts';
import type { MemoryBound } from '../ingest/memory-bound.ts';
import { type AcceptedBatch, AcceptedBatches } from './accepted-batches.ts';
import { pauseOf, probesSetUp } from './circuit-breaker.ts';
import { ConnectionCircuit } from './connection-circuit.ts';
import { deliverUnit, notStored } from './deliver-unit.ts';
import { DeliveryReport } from './delivery-report.ts';
import type { DeliveryStatus } from './delivery-status.ts';
import type { ForgottenUsers } from './forgotten-users.ts';
import { freeMemory } from './free-memory.ts';
import { handleAlone, needsCare, Unreadable } from './handle-alone.ts';
import type { ImportClient } from './import-client.ts';
import { LeaseReleases } from './lease-releases.ts';
import type { MappedRow } from './map-rows.ts';
import { RecentIds } from './recent-ids.ts';
import type { Settlement } from './settlement.ts';
import type { Slices } from './slices.ts';
import { asksToWait } from './stored-wait.ts';
import type { SuspectSlot } from './suspect-slot.ts';
import type { Failure, FailureCode } from './verdict.ts';

export interface ConnectionDeliveryOptions {
  readonly connection: string;
  /** Do not lease any rows. */
  readonly held?: boolean;
  readonly owner: string;
  readonly journal: Pick<
    Journal,
    'lease' | 'renew' | 'complete' | 'release' | 'acquit' | 'split' | 'postpone' | 'postponed' | 'makeDue'
  >;
  readonly send: ImportClient;
  readonly forgotten?: ForgottenUsers | undefined;
  /** Looks at rows before anything of them is sent. Default: none. */
  readonly onRows?: ((rows: readonly MappedRow[]) => Promise<void>) | undefined;
  /** While it returns true, no rows are leased: another delivery goes first. */
  readonly yields?: () => boolean;
  /** Of accepted batches that are kept for their lease; shared by all deliveries of the process. */
  readonly memory: MemoryBound;
  /** Shared by all deliveries of the process. */
  readonly suspects: SuspectSlot;
  /** Shared by all deliveries of the process. */
  readonly slices: Slices;
  readonly config: DeliveryConfig;
  readonly logger: Logger;
  /** Removes secrets from a text of the vendor. */
  readonly withoutSecrets: (text: string) => string;
  readonly random: () => number;
  readonly now: () => EpochMs;
  readonly monotonic: () => MonotonicMs;
  /** Time zone of the Braze company; `undefined` for UTC. */
  readonly company?: ProjectTimeZone | undefined;
  /** Whether bodies are kept after their delivery. Default: no. */
  readonly keepsDelivered?: () => boolean;
  /** Called with rows whose outcomes are stored. */
  readonly onSettled?: (settled: readonly Settlement[]) => void;
  /** Mixpanel refuses the configuration with this code; `undefined` when it accepted events. */
  readonly onConfiguration?: (refusal: FailureCode | undefined) => void;
  /** Instruments the work of one unit. */
  readonly observed?: <T>(rows: readonly LeasedBatch[], work: () => Promise<T>) => Promise<T>;
}

/** What a request to send waiting batches at once leads to. */
export type RetryNow =
  | { readonly outcome: 'held' | 'sending' | 'retrying' }
  /** Mixpanel asked for this wait, or may have. */
  | { readonly outcome: 'waits'; readonly forMs: number };

/**
 * A wait is stored a moment after it began in this process, and so ends later there by up to this time.
 */
const storedLaterMs = 1_000;

/**
 * Maximum of leased bytes as received, for all units together: parsed and mapped they need several times this
 * memory.
 */
const leasedBytes = 2 * importLimits.requestBytes;
/** Maximum of bytes of one unit: more would not fit into one request. */
const unitBytes = importLimits.requestBytes / 2;
/**
 * Wait for more rows after rows that did not fill a request, so that a trickle does not become a flood of
 * requests.
 */
const batchingDelayMs = 50;
/**
 * How often storage is polled for rows without a wake signal: those of a former process or of another
 * replica.
 */
const idleMs = 1_000;
/** Interval of the checks whether another delivery still goes first. */
const yieldMs = 100;
/**
 * Delivery of one connection's batches: lease → map → pack → send → complete, several units at once.
 *
 * - A row is completed when every one of its events has a final answer; its counts and dead letters are
 *   written in that transaction. Until then nothing of it counts, so a failure in between costs no more than
 *   a repeated request, and Mixpanel recognises repeated events by their `$insert_id`.
 * - A row that a failure kept from completing is released with a `not_before`. Retries run on monotonic time;
 *   leases on the database's, renewed while a unit is in flight.
 * - A wait that Mixpanel asks for is stored: it survives a restart, and other replicas apply it at their next
 *   empty lease.
 * - A crash leaves leased rows behind; their leases expire and they are sent again. Each is tried by itself
 *   first, in case it caused the crash.
 * - Events whose time has not come are held: completing their row puts them back, in a batch of their own
 *   until then.
 * - `stop` leases no new rows, lets requests in flight finish, then releases the rest.
 */
export class ConnectionDelivery {
  readonly #options: ConnectionDeliveryOptions;
  readonly #wakeSignal = new WakeSignal();
  readonly #abort = new AbortController();
  readonly #units = new Set<Promise<void>>();
  readonly #releases: LeaseReleases;
  readonly #accepted: AcceptedBatches;
  readonly #recentIds = new RecentIds();
  readonly #report: DeliveryReport;
  readonly #circuit: ConnectionCircuit;
  #leaseAt = monotonicMs(Number.NEGATIVE_INFINITY);
  #leasedAt = monotonicMs(Number.NEGATIVE_INFINITY);
  #stopping = false;
  #isBehind = false;
  #loop: Promise<void> | undefined;

  constructor(options: ConnectionDeliveryOptions) {
    this.#options = options;
    const { journal, owner, monotonic } = options;
    this.#report = new DeliveryReport(options);
    this.#accepted = new AcceptedBatches(options.memory, options.keepsDelivered);
    this.#circuit = new ConnectionCircuit({ ...options, report: this.#report });
    this.#releases = new LeaseReleases((ids, retry) => journal.release(owner, ids, retry), monotonic);
  }

  start(): void {
    if (this.#options.held) return;
    this.#loop ??= this.#run();
  }

  /**
   * Takes a batch that was just accepted, which this delivery will lease soon. The caller gives its body away.
   *
   * @param events those of the body, if they are parsed
   */
  accepted(batch: AcceptedBatch, events: unknown[] | undefined): void {
    const isSoon = this.#loop !== undefined && !this.#stopping && this.#circuit.state.kind === 'flowing';
    if (isSoon) this.#accepted.keep(batch, events, this.#options.now());
    else freeMemory(batch.body);
  }

  /** Wake signal: new rows are stored. */
  wake(): void {
    this.#leaseBy(later(this.#leasedAt, batchingDelayMs));
  }

  /** Whether more rows were waiting, at the last lease, than one request can hold. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  status(): DeliveryStatus {
    const circuit = this.#circuit.state;
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

  /**
   * Sends what waits after a failure at once, one request at a time. A wait that Mixpanel asked for stays, and nothing is
   * sent beside a request in flight: its batches are leased, and its answer may end the wait.
   */
  async retryNow(): Promise<RetryNow> {
    const { connection, journal, held, monotonic } = this.#options;
    if (held || this.#loop === undefined) return { outcome: 'held' };
    await this.#lookForWait();
    if (this.#units.size > 0) return { outcome: 'sending' };
    const { state } = this.#circuit;
    const own = this.#circuit.ownWait();
    if (state.kind !== 'flowing' && own === undefined) {
      const forMs = state.until - monotonic();
      if (forMs > 0) return { outcome: 'waits', forMs };
    }
    await journal.makeDue(connection, own && own.forMs + storedLaterMs);
    // A request that was sent meanwhile may have led to a wait that Mixpanel asked for.
    if (this.#circuit.state !== state) return { outcome: 'sending' };
    this.#circuit.endWait();
    this.#leaseBy(monotonic());
    return { outcome: 'retrying' };
  }

  /** Resolves when nothing is in flight and no row is leased, at most `graceMs` milliseconds from now. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#wakeSignal.notify();
    const grace = setTimeout(() => this.#abort.abort(), graceMs);
    await this.#loop;
    await Promise.all(this.#units);
    await this.#releases.flush().catch(() => undefined);
    this.#accepted.clear();
    clearTimeout(grace);
  }

  async #run(): Promise<void> {
    await this.#lookForWait();
    while (!this.#stopping) {
      const now = this.#options.monotonic();
      const pause = pauseOf(this.#circuit.state, now, this.#units.size);
      const wait = pause === undefined ? undefined : Math.max(pause, this.#leaseAt - now);
      if (wait === undefined || wait > 0) await this.#wakeSignal.wait(wait);
      else if (this.#options.yields?.()) await this.#wakeSignal.wait(yieldMs);
      else await this.#leaseOnce();
    }
  }

  async #leaseOnce(): Promise<void> {
    const { suspects } = this.#options;
    const alone = this.#units.size === 0 && suspects.acquire();
    try {
      await this.#leaseRows(alone);
    } finally {
      if (alone) suspects.release();
    }
  }

  /** @param alone whether a suspect may be among them */
  async #leaseRows(alone: boolean): Promise<void> {
    const { connection, owner, journal, config, now } = this.#options;
    const { leaseMs } = config;
    const { state } = this.#circuit;
    const { since, limit } = state;
    const maxRows = probesSetUp(state) ? 1 : importLimits.eventsPerRequest;
    const maxBytes = Math.min(unitBytes, leasedBytes / Math.floor(limit));
    this.#leasedAt = this.#options.monotonic();
    this.#leaseAt = later(this.#leasedAt, idleMs);
    let rows: LeasedBatch[];
    const inMemory = this.#accepted.list();
    try {
      await this.#releases.flush();
      const maxEvents = importLimits.eventsPerRequest;
      const bounds = { maxRows, maxEvents, maxBytes, alone, inMemory };
      rows = await journal.lease({ connection, owner, leaseMs, ...bounds, now: now() });
    } catch (error) {
      await this.#failed(since, notStored(error));
      return;
    }
    const mapped = this.#accepted.take(rows, inMemory);
    const [first] = rows;
    if (first === undefined) {
      this.#isBehind = false;
      // Another connection may have a suspect in flight.
      if (!alone && this.#units.size === 0) this.#leaseBy(later(this.#leasedAt, batchingDelayMs));
      return this.#lookForWait();
    }
    if (needsCare(first)) return this.#handleAlone(first, since);
    const events = rows.reduce((sum, row) => sum + row.events, 0);
    const bytes = rows.reduce((sum, row) => sum + row.body.byteLength, 0);
    const full = events >= importLimits.eventsPerRequest / 2 || bytes >= maxBytes / 2;
    this.#isBehind = full;
    this.#leaseBy(full ? this.#leasedAt : later(this.#leasedAt, batchingDelayMs));
    const { observed = (_rows, work) => work() } = this.#options;
    const unit = observed(rows, () => this.#deliver(rows, mapped, since)).finally(() => {
      this.#units.delete(unit);
      // A suspect is leased only when nothing else is.
      if (this.#units.size === 0) this.#leaseBy(later(this.#leasedAt, batchingDelayMs));
      this.#wakeSignal.notify();
    });
    this.#units.add(unit);
  }

  /** Handles a row while no other is leased. */
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
      freeMemory(row.body);
    }
  }

  async #deliver(
    leased: readonly LeasedBatch[],
    mapped: ReadonlyMap<number, MappedRow>,
    sentSince: number,
  ): Promise<void> {
    const { owner, journal, logger, config } = this.#options;
    const { leaseMs } = config;
    const ids = leased.map(row => row.id);
    const renewal = setInterval(() => {
      journal
        .renew(owner, ids, leaseMs)
        .catch(error => logger.warn({ err: error }, 'leases could not be renewed'));
    }, leaseMs / 3);
    try {
      const result = await deliverUnit(
        leased,
        { ...this.#options, recentIds: this.#recentIds, stop: this.#abort.signal },
        mapped,
      );
      for (const { row, why } of result.unreadable) {
        this.#report.note('batch_unreadable', `batch ${row.id}: ${why}`);
        await this.#release([row], config.parkMs);
      }
      const refused = this.#report.ended(result.settled);
      this.#options.onSettled?.(result.settled);
      if (result.failure === undefined)
        this.#circuit.succeeded(sentSince, result, refused > 0, this.#units.size);
      else {
        await this.#failed(sentSince, result.failure);
        await this.#releaseAfter(result.unsettled, result.failure);
      }
    } finally {
      clearInterval(renewal);
      for (const row of leased) freeMemory(row.body);
    }
  }

  async #failed(sentSince: number, failure: Failure): Promise<void> {
    if (this.#stopping && !asksToWait(failure)) return;
    await this.#circuit.failed(sentSince, failure);
  }

  async #lookForWait(): Promise<void> {
    const forMs = await this.#circuit.readStoredWait();
    if (forMs !== undefined) this.#leaseBy(later(this.#options.monotonic(), forMs));
  }

  /** Releases rows after a failure, each for the wait of the circuit breaker. */
  async #releaseAfter(rows: readonly PendingBatch[], failure: Failure): Promise<void> {
    if (this.#stopping) return this.#release(rows, 0, false);
    for (const [attempts, group] of Map.groupBy(rows, row => row.attempts))
      await this.#release(group, this.#circuit.delayOf(attempts, failure));
  }

  async #release(rows: readonly PendingBatch[], delayMs: number, attempt = true): Promise<void> {
    const { monotonic } = this.#options;
    if (rows.length === 0) return;
    const ids = rows.map(row => row.id);
    await this.#releases.release(ids, delayMs, attempt);
    if (!this.#stopping) setTimeout(() => this.#leaseBy(monotonic()), Math.ceil(delayMs)).unref();
  }

  /** Schedules the next lease for this time at the latest. */
  #leaseBy(at: MonotonicMs): void {
    if (at < this.#leaseAt) this.#leaseAt = at;
    this.#wakeSignal.notify();
  }
}
