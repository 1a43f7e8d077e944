import type { Journal } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import type { MonotonicMs } from '../../clock/index.ts';
import type { DeliveryConfig } from '../../config/config.ts';
import { retryDelay } from '../../vendor-http/retry-delay.ts';
import { adoptWait, type Circuit, type CircuitEvent, firstCircuit, nextCircuit } from './circuit-breaker.ts';
import type { UnitResult } from './deliver-unit.ts';
import type { DeliveryReport } from './delivery-report.ts';
import { readWait, storeWait } from './stored-wait.ts';
import type { Failure, FailureCode } from './verdict.ts';

export interface ConnectionCircuitOptions {
  readonly connection: string;
  readonly journal: Pick<Journal, 'postpone' | 'postponed'>;
  readonly config: DeliveryConfig;
  readonly logger: Logger;
  readonly report: DeliveryReport;
  readonly random: () => number;
  readonly monotonic: () => MonotonicMs;
  /** Mixpanel refuses the configuration with this code; `undefined` when it accepted events. */
  readonly onConfiguration?: ((refusal: FailureCode | undefined) => void) | undefined;
}

/**
 * Factor by which rows become due after the wait of the connection, so that a row that always fails never
 * blocks the others.
 */
const afterOthers = 1.05;

/**
 * The circuit breaker of one connection, with its report and its stored wait: a wait that Mixpanel asks for
 * survives a restart, and other replicas apply it at their next empty lease.
 */
export class ConnectionCircuit {
  readonly #options: ConnectionCircuitOptions;
  #state: Circuit;

  constructor(options: ConnectionCircuitOptions) {
    this.#options = options;
    this.#state = firstCircuit(options.config);
  }

  get state(): Circuit {
    return this.#state;
  }

  /** Records the end of a unit. A unit without events for Mixpanel only proves that storage works. */
  succeeded(sentSince: number, { sent }: UnitResult, someRefused: boolean, inFlight: number): void {
    const { report, onConfiguration } = this.#options;
    if (sent) onConfiguration?.(undefined);
    const before = this.#state;
    const storageFailed = before.kind !== 'flowing' && before.failure.code === 'outcome_not_stored';
    if (!sent && !storageFailed) return;
    this.#next({ kind: 'settled', sentSince, inFlight });
    if (this.#state.kind !== before.kind) report.resumed();
    if (this.#state.kind === 'flowing' && !someRefused) report.resolved();
  }

  async failed(sentSince: number, failure: Failure): Promise<void> {
    const { connection, journal, monotonic, logger, report, onConfiguration } = this.#options;
    if (failure.kind === 'park') onConfiguration?.(failure.code);
    const before = this.#state;
    this.#next({ kind: 'failed', sentSince, failure });
    const known = before.kind !== 'flowing' && before.failure.code === failure.code;
    report.note(failure.code, failure.detail, known || this.#state === before ? 'debug' : 'warn');
    if (this.#state === before) return;
    await storeWait(journal, connection, this.#state, monotonic()).catch(error =>
      logger.debug({ err: error, connection }, 'the wait of the connection could not be stored'),
    );
  }

  /**
   * Adopts a wait that is in storage, and ends an adopted one whose stored wait is over.
   *
   * @returns milliseconds until the stored wait is over; `undefined` where there is none
   */
  async readStoredWait(): Promise<number | undefined> {
    const { connection, journal, monotonic, logger, report } = this.#options;
    const before = this.#state;
    try {
      const wait = await readWait(journal, connection);
      if (this.#state !== before) return undefined;
      if (wait === undefined) {
        this.#endAdoptedWait();
        return undefined;
      }
      this.#state = adoptWait(before, wait, monotonic());
      if (this.#state !== before) report.note(wait.failure.code, wait.failure.detail, 'warn', wait.ageMs);
      return wait.forMs;
    } catch (error) {
      logger.debug({ err: error, connection }, 'the wait of the connection could not be read');
      return undefined;
    }
  }

  /**
   * Milliseconds that a row waits after a failure: by its own number of attempts, and at least as long as the
   * connection's own backoff. A longer wait that Mixpanel asked for applies to the connection alone: when it
   * is over, rows are due. While the configuration is refused only the circuit holds rows back: once it is
   * corrected, a restart sends them at once.
   */
  delayOf(attempts: number, failure: Failure): number {
    if (failure.kind === 'park') return 0;
    const { random, config, monotonic } = this.#options;
    const own = retryDelay(attempts + 1, random(), config);
    const longest = retryDelay(Number.POSITIVE_INFINITY, 1, config);
    const circuit = this.#state;
    if (circuit.kind === 'flowing') return own;
    return Math.max(own, Math.min(circuit.until - monotonic(), longest) * afterOthers);
  }

  /**
   * The wait of this process's own choosing; `undefined` where there is none, or where Mixpanel asked for it. A wait from
   * storage may be one that Mixpanel asked for.
   */
  ownWait(): { readonly forMs: number } | undefined {
    const circuit = this.#state;
    if (circuit.kind === 'flowing' || circuit.adopted) return undefined;
    const { failure } = circuit;
    const isAsked =
      failure.kind === 'retry' &&
      (failure.retryAfterMs !== undefined || failure.code === 'mixpanel_throttled');
    return isAsked ? undefined : { forMs: Math.max(0, circuit.until - this.#options.monotonic()) };
  }

  /** Ends the wait: the next request may go out, one at a time. */
  endWait(): void {
    const circuit = this.#state;
    if (circuit.kind !== 'flowing') this.#state = { ...circuit, until: this.#options.monotonic() };
  }

  #endAdoptedWait(): void {
    const circuit = this.#state;
    if (circuit.kind === 'flowing' || !circuit.adopted || circuit.until > this.#options.monotonic()) return;
    this.#next({ kind: 'settled', sentSince: circuit.since, inFlight: 0 });
    this.#options.report.resolved();
  }

  #next(event: CircuitEvent): void {
    const { monotonic, random, config } = this.#options;
    this.#state = nextCircuit(this.#state, event, monotonic(), random(), config);
  }
}
