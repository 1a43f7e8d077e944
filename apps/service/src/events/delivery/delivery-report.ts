import type { Logger } from 'pino';
import { errors } from '../../errors/catalogue.ts';
import type { RowProgress } from './map-rows.ts';
import { PlaceholderCounts } from './placeholder-counts.ts';
import type { FailureCode } from './verdict.ts';

export interface LastError {
  readonly code: FailureCode;
  readonly message: string;
  readonly at: string;
  /** When it was over; `null` while it is not, or for a batch that is set aside. */
  readonly resolvedAt: string | null;
}

export interface DeliveryReportOptions {
  readonly connection: string;
  readonly logger: Logger;
  /** Cuts secrets out of a text of the vendor. */
  readonly withoutSecrets: (text: string) => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly monotonic: () => number;
}

/** Refusals with no longer a pause between them are one spell, of which the log hears once. */
const spellMs = 60_000;

/** What people are told of one connection's delivery: the last error and success in `/status`, and each trouble once in the log. */
export class DeliveryReport {
  readonly #options: DeliveryReportOptions;
  #lastError: LastError | undefined;
  #lastSuccessAt: string | undefined;
  /** Of external ids, since the start of this process. */
  readonly placeholders = new PlaceholderCounts();
  #refusedAt = Number.NEGATIVE_INFINITY;

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
    const message = `${errors[code].message} (${withoutSecrets(detail)})`;
    this.#lastError = { code, message, at: this.#moment(ageMs), resolvedAt: null };
    logger[level]({ connection, code }, message);
  }

  /** Of rows that storage has ended: says what became of their events, and returns how many Mixpanel refused. */
  ended(rows: readonly RowProgress[]): number {
    const { connection, logger, monotonic } = this.#options;
    const imported = rows.reduce((sum, row) => sum + row.imported, 0);
    const dead = rows.flatMap(row => row.dead);
    logger.debug({ connection, batches: rows.length, imported, dead: dead.length }, 'batches delivered');
    for (const { placeholders } of rows) if (placeholders) this.placeholders.addAll(placeholders);
    if (imported > 0) this.#lastSuccessAt = this.#moment();

    const refused = dead.filter(({ reason }) => reason === 'refused_by_mixpanel');
    if (refused[0] === undefined) return 0;
    const spell = monotonic() - this.#refusedAt < spellMs;
    this.#refusedAt = monotonic();
    const detail = `${refused.length} of ${imported + refused.length} events; the first: ${refused[0].detail}`;
    this.note('refused_by_mixpanel', detail, spell ? 'debug' : 'warn');
    return refused.length;
  }

  /** The trouble is over; that others got through says nothing about a batch that was set aside. */
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
