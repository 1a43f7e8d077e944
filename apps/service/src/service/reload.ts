import { SerialQueue } from '@braze-mixpanel/concurrency';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { ConfigRefused } from '../config/config-refused.ts';
import { faultText } from '../config/fault-text.ts';
import { nextConfig } from '../config/next-config.ts';
import { sameConfig } from '../config/same-config.ts';

export interface ReloadOptions {
  readonly logger: Logger;
  /** The present configuration. */
  readonly current: () => Config;
  /** Applies another one. @throws when it can't be served; the former one stays */
  readonly change: (next: Config) => Promise<void>;
  readonly isStopping: () => boolean;
}

/** Serialised reloads of the configuration; a refused one changes nothing. */
export class Reload {
  readonly #options: ReloadOptions;
  readonly #queue = new SerialQueue();

  constructor(options: ReloadOptions) {
    this.#options = options;
  }

  /** Resolves to whether the configuration that `read` returns was applied; if not, the reason is logged. */
  next(read: () => Config): Promise<boolean> {
    return this.#queue.run(() => this.#take(read));
  }

  /** Resolves when no reload is in progress. */
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
      for (const warning of [...next.config.warnings.map(faultText), ...next.warnings]) logger.warn(warning);
      logger.info('configuration reloaded');
      return true;
    } catch (error) {
      logger.error(
        `The reloaded configuration is invalid; the previous one stays active: ${reasonOf(error)}`,
      );
      return false;
    }
  }
}

/** Whether a change of configuration concerns the cohort syncs. */
export function concernsCohorts(before: Config, next: Config): boolean {
  const part = ({ connections, delivery }: Config) => ({
    delivery,
    connections: connections.map(({ currents: _currents, ...each }) => each),
  });
  return !sameConfig(part(before), part(next));
}

/** The reason why a configuration is refused: its faults where they are known. */
function reasonOf(error: unknown): string {
  if (error instanceof ConfigRefused) return error.faults.map(faultText).join(' ');
  return error instanceof Error ? error.message : String(error);
}
