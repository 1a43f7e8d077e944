import type { Logger } from 'pino';
import { type EpochMs, type MonotonicMs, monotonicMs } from '../../clock/index.ts';
import { errors } from '../../errors/catalogue.ts';
import { withDetail } from '../../errors/with-detail.ts';
import { PlaceholderCounts } from './placeholder-counts.ts';
import type { Settlement } from './settlement.ts';
import type { FailureCode } from './verdict.ts';

export interface LastError {
  readonly code: FailureCode;
  readonly message: string;
  readonly at: string;
  /** When the first of these failures in a row happened. */
  readonly since: string;
  /** When it was over; `null` while it is not, or for a batch that is set aside. */
  readonly resolvedAt: string | null;
}

export interface DeliveryReportOptions {
  readonly connection: string;
  readonly logger: Logger;
  /** Removes secrets from a text of the vendor. */
  readonly withoutSecrets: (text: string) => string;
  readonly now: () => EpochMs;
  readonly monotonic: () => MonotonicMs;
}

/** Pause after which refusals are logged at `warn` again. */
const quietMs = 60_000;

/**
 * Report of one connection's delivery: the last error and success for `/status`, and each problem once in the
 * log.
 */
export class DeliveryReport {
  readonly #options: DeliveryReportOptions;
  #lastError: LastError | undefined;
  #lastSuccessAt: string | undefined;
  /** Texts in external IDs since the start of this process. */
  readonly placeholders = new PlaceholderCounts();
  #refusedAt = monotonicMs(Number.NEGATIVE_INFINITY);

  constructor(options: DeliveryReportOptions) {
    this.#options = options;
  }

  get lastError(): LastError | undefined {
    return this.#lastError;
  }

  /** When Mixpanel last imported something. */
  get lastSuccessAt(): string | undefined {
    return this.#lastSuccessAt;
  }

  /** @param ageMs how long ago it happened */
  note(code: FailureCode, detail: string, level: 'debug' | 'warn' = 'warn', ageMs = 0): void {
    const { connection, logger, withoutSecrets } = this.#options;
    const message = withDetail(errors[code].message, withoutSecrets(detail));
    const at = this.#moment(ageMs);
    const last = this.#lastError;
    const since = last?.code === code && last.resolvedAt === null ? last.since : at;
    this.#lastError = { code, message, at, since, resolvedAt: null };
    logger[level]({ connection, code }, message);
  }

  /** Reports rows whose outcomes are stored. @returns how many of their events Mixpanel refused */
  ended(settled: readonly Settlement[]): number {
    const { connection, logger, monotonic } = this.#options;
    const imported = settled.reduce((sum, row) => sum + row.imported, 0);
    const dead = settled.flatMap(row => row.dead);
    logger.debug({ connection, batches: settled.length, imported, dead: dead.length }, 'batches delivered');
    for (const { row } of settled) if (row.placeholders) this.placeholders.addAll(row.placeholders);
    if (imported > 0) this.#lastSuccessAt = this.#moment();

    const refused = dead.filter(({ reason }) => reason === 'refused_by_mixpanel');
    if (refused[0] === undefined) return 0;
    const repeated = monotonic() - this.#refusedAt < quietMs;
    this.#refusedAt = monotonic();
    const detail = `${refused.length} of ${imported + refused.length} events; the first: ${refused[0].detail}`;
    this.note('refused_by_mixpanel', detail, repeated ? 'debug' : 'warn');
    return refused.length;
  }

  /**
   * Records the end of the problem; a batch that is set aside stays one, since the import of others proves
   * nothing about it.
   */
  resolved(): void {
    const error = this.#lastError;
    if (error === undefined || error.resolvedAt !== null || error.code === 'batch_unreadable') return;
    this.#lastError = { ...error, resolvedAt: this.#moment() };
  }

  resumed(): void {
    this.#options.logger.info({ connection: this.#options.connection }, 'delivery to Mixpanel works again');
  }

  #moment(ageMs = 0): string {
    return new Date(this.#options.now() - ageMs).toISOString();
  }
}
