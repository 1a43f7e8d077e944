/**
 * Which reports are still made. A process gives a sign of each of its reports every few seconds; one without a sign
 * is interrupted, for any replica that looks. A late process may still end it.
 */
import type { Reconciliations, Storage } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';

/** Interval of signs that a report is still made. */
const signMs = 5_000;
/** Without a sign for so long, a report is not made any more. */
const silentMs = 30_000;
/** Interval of looks for such reports. */
const lookMs = 15_000;

/** Why an interrupted report has no rows. */
export const interruptedText = 'The service stopped before it ended. Begin it again.';

export interface Signs {
  /** Stores what the report does, a sentence. */
  show(progress: string): void;
  end(): void;
}

/** Gives signs that a report is made, until they end. */
export function beginSigns(reconciliations: Pick<Reconciliations, 'renew'>, id: number): Signs {
  let text = '';
  const store = () => void reconciliations.renew(id, text).catch(() => undefined);
  const timer = setInterval(store, signMs).unref();
  return {
    show(progress) {
      text = progress;
      store();
    },
    end: () => clearInterval(timer),
  };
}

export interface InterruptedReportsOptions {
  readonly storage: Pick<Storage, 'reconciliations' | 'replicas'>;
  /** Milliseconds since 1970, by the schedules' clock. */
  readonly now: () => number;
  readonly logger: Logger;
}

/**
 * Marks reports as interrupted whose process ended: at once, and where replicas share the storage, every 15 s. A
 * process that owns its storage is the only one, so none of the reports is made at its start.
 */
export class InterruptedReports {
  readonly #options: InterruptedReportsOptions;
  readonly #timer: NodeJS.Timeout | undefined;
  #marking: Promise<void>;

  constructor(options: InterruptedReportsOptions) {
    this.#options = options;
    const isShared = options.storage.replicas !== undefined;
    this.#marking = this.#mark(isShared ? silentMs : 0);
    if (isShared)
      this.#timer = setInterval(() => {
        this.#marking = this.#mark(silentMs);
      }, lookMs).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#marking;
  }

  /** Resolves when the reports of before are marked. */
  marked(): Promise<void> {
    return this.#marking;
  }

  async #mark(silent: number): Promise<void> {
    const { storage, now, logger } = this.#options;
    try {
      const request = { silentMs: silent, at: now(), text: interruptedText };
      const reports = await storage.reconciliations.interrupt(request);
      if (reports > 0) logger.warn({ reports }, 'the process that made reconciliations ended before them');
    } catch (error) {
      logger.error({ err: error }, 'interrupted reconciliations could not be marked');
    }
  }
}
