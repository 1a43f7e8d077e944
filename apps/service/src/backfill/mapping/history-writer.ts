import { setTimeout as pause } from 'node:timers/promises';
import type { MappingOptions } from '@braze-mixpanel/core/mapping';
import type { Journal, MappingHistory, StoredMapping } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import { identityOptions } from './mapping-in-force.ts';

export interface HistoryWriterOptions {
  readonly history: MappingHistory;
  readonly journal: Pick<Journal, 'counts'>;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Waits between two tries; a test passes its own. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

interface Entry {
  readonly connection: string;
  readonly mapping: StoredMapping;
}

const retryMs = 10_000;

/**
 * Writes the mapping options of the configuration into their history, with the moment at which they came into
 * force. The first options of a connection that has accepted nothing are in force from the beginning.
 *
 * Storage that is full or unreachable does not stop the service: the write is tried again until it
 * succeeds, or other options follow.
 */
export class HistoryWriter {
  readonly #options: HistoryWriterOptions;
  #abort = new AbortController();
  #writing: Promise<void> = Promise.resolve();

  constructor(options: HistoryWriterOptions) {
    this.#options = options;
  }

  /** Resolves after the first try. @param options present mapping options, by connection */
  async write(options: ReadonlyMap<string, MappingOptions>): Promise<void> {
    await this.close();
    this.#abort = new AbortController();
    const since = this.#options.now();
    const entries = [...options].map(([connection, each]) => ({
      connection,
      mapping: { since, options: identityOptions(each) },
    }));
    if (!(await this.#tryAll(entries))) this.#writing = this.#retry(entries, this.#abort.signal);
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#writing;
  }

  async #retry(entries: readonly Entry[], signal: AbortSignal): Promise<void> {
    const { wait = (ms, signal) => pause(ms, undefined, { signal, ref: false }) } = this.#options;
    while (!signal.aborted) {
      await wait(retryMs, signal).catch(() => undefined);
      if (signal.aborted || (await this.#tryAll(entries))) return;
    }
  }

  async #tryAll(entries: readonly Entry[]): Promise<boolean> {
    const { history, journal, logger } = this.#options;
    try {
      const counts = await journal.counts();
      for (const { connection, mapping } of entries) {
        const isFirst = (await history.list(connection)).length === 0;
        const isNew = isFirst && (counts[connection]?.accepted ?? 0) === 0;
        await history.add(connection, isNew ? { ...mapping, since: 0 } : mapping);
      }
      return true;
    } catch (error) {
      logger.warn({ err: error }, 'the mapping options could not be stored for later back-fills; retrying');
      return false;
    }
  }
}
