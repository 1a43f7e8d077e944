import { setImmediate as nextTurn } from 'node:timers/promises';
import { importLimits } from '@braze-mixpanel/core/mixpanel';
import type { Logger } from 'pino';
import type { DeliveryConfig } from '../config.ts';
import { errors } from '../errors.ts';
import type { Journal, LeasedBatch } from '../storage/types.ts';
import { Bell } from './bell.ts';
import { type Course, nextCourse, pauseOf } from './course.ts';
import type { ImportClient } from './import-client.ts';
import { mapRow, type RowProgress } from './map-rows.ts';
import { outcomeOf } from './outcome.ts';
import { packRequests } from './pack-requests.ts';
import { Releases } from './releases.ts';
import { retryDelay } from './retry-delay.ts';
import { settleUnit } from './settle-unit.ts';
import type { Failure, FailureCode } from './verdict.ts';

/**
 * Delivers one connection's batches: lease → map → pack → send → complete, several units at once.
 *
 * - A row is completed when every one of its events has a final answer; its counts and dead letters are written in that
 *   transaction. Until then nothing of it counts, so whatever happens in between is no more than a repeated request, and Mixpanel
 *   recognises repeated events by their `$insert_id`.
 * - A row that a failure kept from completing is given back with a `not_before`. Retries run on monotonic time; leases on the
 *   database's, prolonged while a unit is in flight.
 * - A crash leaves leased rows behind; their leases end and they are sent again.
 * - `stop` takes no new rows, lets requests in flight finish, then gives the rest back.
 */
export interface ConnectionDeliveryOptions {
  readonly connection: string;
  readonly owner: string;
  readonly journal: Pick<Journal, 'lease' | 'renew' | 'complete' | 'release'>;
  readonly send: ImportClient;
  readonly config: DeliveryConfig;
  readonly logger: Logger;
  /** Cuts secrets out of a text of the vendor. */
  readonly withoutSecrets: (text: string) => string;
  readonly random: () => number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly monotonic: () => number;
}

/** What `/status` shows of a connection's delivery. */
export interface DeliveryStatus {
  readonly state: 'idle' | 'delivering' | 'retrying' | 'parked';
  readonly requestsInFlight: number;
  readonly failuresInARow: number;
  readonly nextAttemptInMs: number | undefined;
  readonly lastError:
    | {
        readonly code: FailureCode;
        readonly message: string;
        readonly at: string;
        /** When it was over; `null` while it is not, or for a batch that is set aside. */
        readonly resolvedAt: string | null;
      }
    | undefined;
  /** When Mixpanel last imported something. */
  readonly lastSuccessAt: string | undefined;
}

const leaseMs = 60_000;
/** Of bodies as they came, for one unit: parsed and mapped they take several times this, for each request in flight. */
const leaseBytes = importLimits.requestBytes / 2;
/** After rows that did not fill a request, wait this long for more of them: a trickle must not become a flood of requests. */
const lingerMs = 50;
/** How often rows are looked for that nobody announced: those of a former process or of another replica. */
const idleMs = 1_000;
/** Rows become due a little after the wait of the whole connection, so that a row that always fails never blocks the others. */
const afterOthers = 1.05;
const mappingSliceMs = 5;
/** Refusals with no longer a pause between them are one spell, of which the log hears once. */
const spellMs = 60_000;

export class ConnectionDelivery {
  readonly #options: ConnectionDeliveryOptions;
  readonly #bell = new Bell();
  readonly #abort = new AbortController();
  readonly #units = new Set<Promise<void>>();
  readonly #releases: Releases;
  #course: Course = { kind: 'flowing', since: 0 };
  #leaseAt = Number.NEGATIVE_INFINITY;
  #leasedAt = Number.NEGATIVE_INFINITY;
  #stopping = false;
  #loop: Promise<void> | undefined;
  #lastError: DeliveryStatus['lastError'];
  #lastSuccessAt: string | undefined;
  #refusedAt = Number.NEGATIVE_INFINITY;

  constructor(options: ConnectionDeliveryOptions) {
    this.#options = options;
    const { journal, owner, monotonic } = options;
    this.#releases = new Releases((ids, retry) => journal.release(owner, ids, retry), monotonic);
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** There is something new to deliver. */
  wake(): void {
    this.#leaseBy(this.#leasedAt + lingerMs);
  }

  status(): DeliveryStatus {
    const course = this.#course;
    const waiting = course.kind !== 'flowing';
    return {
      state: waiting ? course.kind : this.#units.size > 0 ? 'delivering' : 'idle',
      requestsInFlight: this.#units.size,
      failuresInARow: waiting ? course.failures : 0,
      nextAttemptInMs: waiting
        ? Math.max(0, Math.round(course.until - this.#options.monotonic()))
        : undefined,
      lastError: this.#lastError,
      lastSuccessAt: this.#lastSuccessAt,
    };
  }

  /** Resolves when nothing is in flight and no row is held any more, `graceMs` from now at the latest. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#bell.ring();
    const grace = setTimeout(() => this.#abort.abort(), graceMs);
    await this.#loop;
    await Promise.all(this.#units);
    await this.#releases.settle().catch(() => undefined);
    clearTimeout(grace);
  }

  async #run(): Promise<void> {
    const { concurrency } = this.#options.config;
    while (!this.#stopping) {
      const now = this.#options.monotonic();
      const pause = pauseOf(this.#course, now, this.#units.size, concurrency);
      const wait = pause === undefined ? undefined : Math.max(pause, this.#leaseAt - now);
      if (wait === undefined || wait > 0) await this.#bell.wait(wait);
      else await this.#leaseOnce();
    }
  }

  async #leaseOnce(): Promise<void> {
    const { connection, owner, journal } = this.#options;
    const sentSince = this.#course.since;
    this.#leasedAt = this.#options.monotonic();
    this.#leaseAt = this.#leasedAt + idleMs;
    let rows: LeasedBatch[];
    try {
      await this.#releases.settle();
      rows = await journal.lease({
        connection,
        owner,
        leaseMs,
        maxRows: importLimits.eventsPerRequest,
        maxEvents: importLimits.eventsPerRequest,
        maxBytes: leaseBytes,
      });
    } catch (error) {
      this.#failed(sentSince, {
        kind: 'retry',
        code: 'outcome_not_stored',
        detail: text(error),
        retryAfterMs: undefined,
      });
      return;
    }
    if (rows.length === 0) return;
    const full = rows.reduce((sum, row) => sum + row.events, 0) >= importLimits.eventsPerRequest / 2;
    this.#leaseBy(full ? this.#leasedAt : this.#leasedAt + lingerMs);
    const unit = this.#deliver(rows, sentSince).finally(() => {
      this.#units.delete(unit);
      this.#bell.ring();
    });
    this.#units.add(unit);
  }

  async #deliver(leased: readonly LeasedBatch[], sentSince: number): Promise<void> {
    const { owner, journal, logger } = this.#options;
    const ids = leased.map(row => row.id);
    const renewal = setInterval(() => {
      journal
        .renew(owner, ids, leaseMs)
        .catch(error => logger.warn({ err: error }, 'leases could not be prolonged'));
    }, leaseMs / 3);
    try {
      const rows = await this.#mapRows(leased);
      const requests = packRequests(rows.map(row => row.outbound));
      const failure = await settleUnit(requests, this.#send, this.#abort.signal);
      const settled = rows.filter(row => row.unanswered === 0);
      const unsettled = rows.filter(row => row.unanswered > 0);
      if (settled.length > 0)
        await journal.complete(
          owner,
          settled.map(row => this.#outcome(row)),
        );
      const refused = this.#count(settled);
      if (failure === undefined) this.#succeeded(sentSince, refused > 0);
      else {
        this.#failed(sentSince, failure);
        await this.#giveBack(
          unsettled.map(row => row.batch),
          failure,
        );
      }
    } catch (error) {
      const failure: Failure = {
        kind: 'retry',
        code: 'outcome_not_stored',
        detail: text(error),
        retryAfterMs: undefined,
      };
      this.#failed(sentSince, failure);
      await this.#giveBack(leased, failure);
    } finally {
      clearInterval(renewal);
      for (const row of leased) giveUpMemory(row.body);
    }
  }

  /** Cuts secrets out of answers before anything of them is kept: a text that was shortened first may end in half a secret. */
  readonly #send: ImportClient = async (events, signal) => {
    const { send, withoutSecrets } = this.#options;
    const exchange = await send(events, signal);
    return exchange.kind === 'lost' ? exchange : { ...exchange, body: withoutSecrets(exchange.body) };
  };

  /** Maps rows in slices, so that requests from Braze are answered in between. A row that cannot be mapped is set aside alone. */
  async #mapRows(leased: readonly LeasedBatch[]): Promise<RowProgress[]> {
    const rows: RowProgress[] = [];
    let sliceEnds = this.#options.monotonic() + mappingSliceMs;
    for (const row of leased) {
      if (this.#options.monotonic() > sliceEnds) {
        await nextTurn();
        sliceEnds = this.#options.monotonic() + mappingSliceMs;
      }
      try {
        rows.push(mapRow(row));
      } catch (error) {
        this.#note('batch_unreadable', `batch ${row.id}: ${text(error)}`);
        await this.#release([row], this.#options.config.parkMs);
      }
    }
    return rows;
  }

  #outcome(row: RowProgress) {
    const { withoutSecrets } = this.#options;
    const outcome = outcomeOf(row);
    for (const letter of outcome.deadLetters) letter.detail = withoutSecrets(letter.detail);
    return outcome;
  }

  /** Of rows that storage has ended: says what became of their events, and returns how many Mixpanel refused. */
  #count(rows: readonly RowProgress[]): number {
    const { connection, logger, now, monotonic } = this.#options;
    const imported = rows.reduce((sum, row) => sum + row.imported, 0);
    const dead = rows.flatMap(row => row.dead);
    logger.debug({ connection, batches: rows.length, imported, dead: dead.length }, 'batches delivered');
    if (imported > 0) this.#lastSuccessAt = new Date(now()).toISOString();

    const refused = dead.filter(({ reason }) => reason === 'refused_by_mixpanel');
    if (refused[0] === undefined) return 0;
    const spell = monotonic() - this.#refusedAt < spellMs;
    this.#refusedAt = monotonic();
    const detail = `${refused.length} of ${imported + refused.length} events; the first: ${refused[0].detail}`;
    this.#note('refused_by_mixpanel', detail, spell ? 'debug' : 'warn');
    return refused.length;
  }

  #succeeded(sentSince: number, someRefused: boolean): void {
    const { connection, logger, now, monotonic, random, config } = this.#options;
    const before = this.#course;
    this.#course = nextCourse(before, { kind: 'settled', sentSince }, monotonic(), random(), config);
    if (this.#course.kind !== before.kind) logger.info({ connection }, 'delivery to Mixpanel works again');
    const error = this.#lastError;
    // That others got through says nothing about a batch that was set aside.
    if (this.#course.kind !== 'flowing' || someRefused || error?.code === 'batch_unreadable') return;
    if (error?.resolvedAt === null) this.#lastError = { ...error, resolvedAt: new Date(now()).toISOString() };
  }

  #failed(sentSince: number, failure: Failure): void {
    if (this.#stopping) return;
    const { monotonic, random, config } = this.#options;
    const before = this.#course;
    this.#course = nextCourse(before, { kind: 'failed', sentSince, failure }, monotonic(), random(), config);
    const known = before.kind !== 'flowing' && before.failure.code === failure.code;
    this.#note(failure.code, failure.detail, known || this.#course === before ? 'debug' : 'warn');
  }

  #note(code: FailureCode, detail: string, level: 'debug' | 'warn' = 'warn'): void {
    const { connection, logger, now, withoutSecrets } = this.#options;
    const message = `${errors[code].says} (${withoutSecrets(detail)})`;
    this.#lastError = { code, message, at: new Date(now()).toISOString(), resolvedAt: null };
    logger[level]({ connection, code }, message);
  }

  /** Gives rows back after a failure: each waits by its own number of attempts, and at least as long as the connection does. */
  async #giveBack(rows: readonly LeasedBatch[], failure: Failure): Promise<void> {
    if (this.#stopping) return this.#release(rows, 0, false);
    const { random, config, monotonic } = this.#options;
    const course = this.#course;
    const pause = course.kind === 'flowing' ? 0 : (course.until - monotonic()) * afterOthers;
    for (const [attempts, group] of Map.groupBy(rows, row => row.attempts)) {
      // While the set-up is refused the course alone holds rows back: corrected and restarted, they go out at once.
      const own = failure.kind === 'park' ? 0 : retryDelay(attempts + 1, random(), config);
      await this.#release(group, failure.kind === 'park' ? 0 : Math.max(own, pause));
    }
  }

  async #release(rows: readonly LeasedBatch[], delayMs: number, attempt = true): Promise<void> {
    const { monotonic } = this.#options;
    if (rows.length === 0) return;
    const ids = rows.map(row => row.id);
    await this.#releases.release(ids, delayMs, attempt);
    if (!this.#stopping) setTimeout(() => this.#leaseBy(monotonic()), Math.ceil(delayMs)).unref();
  }

  /** Rows will be there at this monotonic time: look for them then, or before. */
  #leaseBy(at: number): void {
    this.#leaseAt = Math.min(this.#leaseAt, at);
    this.#bell.ring();
  }
}

/**
 * Frees the memory of a body that nobody reads any more. The collector, which counts objects and not the bytes behind them, would
 * let tens of megabytes of them wait. Bytes that share their memory with others are left alone.
 */
function giveUpMemory({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));
