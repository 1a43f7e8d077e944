import type { FirstSeen } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import type { UnlistedName } from './unlisted-names.ts';

export interface FirstSeenOptions {
  readonly store: FirstSeen;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly logger: Logger;
}

/** An unknown event type or unlisted property with the time at which it was first seen. */
export interface FirstSeenStatus extends UnlistedName {
  /** ISO 8601. */
  readonly at: string;
}

/** Limit of names of a connection. */
const mostNames = 200;
const dayMs = 86_400_000;
const listedDays = 30;

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/** The day before which a name that was not seen since is deleted. */
export const oldestSeen = (now: number) => dayOf(now - listedDays * dayMs);

/**
 * The unknown event types and unlisted properties of each connection. A name is written once a day, so a name
 * that is still sent keeps its first time, and one that was not sent for 30 days is deleted by the sweeper.
 * Beyond 200 names of a connection, new ones are dropped.
 */
export class FirstSeenNames {
  readonly #options: FirstSeenOptions;
  /** Written on `#day`, by connection. */
  readonly #written = new Map<string, Set<string>>();
  #day = '';
  #writing: Promise<unknown> = Promise.resolve();

  constructor(options: FirstSeenOptions) {
    this.#options = options;
  }

  observe(connection: string, names: readonly UnlistedName[]): void {
    if (names.length === 0) return;
    const at = this.#options.now();
    const day = dayOf(at);
    if (day !== this.#day) this.#written.clear();
    this.#day = day;
    const written = this.#written.get(connection) ?? new Set();
    this.#written.set(connection, written);
    for (const { kind, name } of names) {
      const key = `${kind} ${name}`;
      if (written.has(key) || written.size >= mostNames) continue;
      written.add(key);
      const write = () => this.#options.store.put(connection, { kind, name, at, day }, mostNames);
      this.#writing = this.#writing.then(write).catch(error => {
        written.delete(key);
        this.#options.logger.warn(
          { err: error },
          'a new name could not be stored; retrying with its next event',
        );
      });
    }
  }

  /** Names first seen in the last 30 days, the newest first. Rejects if storage cannot be read. */
  async list(connection: string): Promise<FirstSeenStatus[]> {
    await this.#writing;
    const from = this.#options.now() - listedDays * dayMs;
    return (await this.#options.store.list(connection))
      .filter(({ at }) => at >= from)
      .map(({ kind, name, at }) => ({ kind, name, at: new Date(at).toISOString() }));
  }

  /** Ends when everything observed is stored. */
  async close(): Promise<void> {
    await this.#writing;
  }
}
