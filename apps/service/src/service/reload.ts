import { SerialQueue } from '@braze-mixpanel/concurrency';
import type { Logger } from 'pino';
import { type Config, ConfigRefused } from '../config/config.ts';
import { nextConfig } from '../config/next-config.ts';
import { sameConfig } from '../config/same-config.ts';

export interface ReloadOptions {
  readonly logger: Logger;
  /** The configuration that holds now. */
  readonly current: () => Config;
  /** Goes over to another one. @throws when it can't be served; the one before goes on then */
  readonly change: (next: Config) => Promise<void>;
  readonly isStopping: () => boolean;
}

/** Reads the configuration again, one time after the other; what is refused changes nothing. */
export class Reload {
  readonly #options: ReloadOptions;
  readonly #queue = new SerialQueue();

  constructor(options: ReloadOptions) {
    this.#options = options;
  }

  /** Resolves to whether the configuration that `read` gives holds from now on; why not is logged. */
  next(read: () => Config): Promise<boolean> {
    return this.#queue.run(() => this.#take(read));
  }

  /** Resolves when no change is under way. */
  async settled(): Promise<void> {
    await this.#queue.idle();
  }

  async #take(read: () => Config): Promise<boolean> {
    const { logger, current, change, isStopping } = this.#options;
    if (isStopping()) return false;
    try {
      const next = nextConfig(current(), read());
      if (next.kind === 'refused') throw new Error(next.message);
      await change(next.config);
      for (const warning of [...next.config.warnings, ...next.warnings]) logger.warn(warning);
      logger.info('the configuration was read again, and holds from now on');
      return true;
    } catch (error) {
      logger.error(`The configuration was read again and is refused; the one before goes on: ${told(error)}`);
      return false;
    }
  }
}

/** Whether the cohort syncs have to go on under another configuration. */
export function concernsCohorts(before: Config, next: Config): boolean {
  const part = ({ connections, delivery }: Config) => ({
    delivery,
    connections: connections.map(({ currents: _currents, ...each }) => each),
  });
  return !sameConfig(part(before), part(next));
}

/** What is wrong with a configuration, in the words of its faults where they are known. */
function told(error: unknown): string {
  if (error instanceof ConfigRefused)
    return error.faults.map(({ setting, message }) => `${setting} ${message}`).join(' ');
  return error instanceof Error ? error.message : String(error);
}
