import type { Config } from '../config/config.ts';
import { withoutSecretsOf } from '../secrets/without-secrets.ts';
import { type ConfigScope, createConfigScope } from './config-scope.ts';
import type { ProcessScope } from './process-scope.ts';

/**
 * The active configuration scope. A reload replaces it, and ends the deliveries that the new one does not
 * keep.
 */
export class ActiveScope {
  #scope: ConfigScope | undefined;
  #withoutSecrets: (text: string) => string;
  /** Deliveries of former scopes that have not ended yet. */
  readonly #ending = new Set<Promise<void>>();

  constructor(config: Config) {
    this.#withoutSecrets = withoutSecretsOf(config);
  }

  readonly scope = (): ConfigScope => {
    if (!this.#scope) throw new Error('no configuration is active yet');
    return this.#scope;
  };

  readonly withoutSecrets = (text: string): string => this.#withoutSecrets(text);

  /** The first scope; its deliveries are not started. */
  begin(config: Config, processScope: ProcessScope): void {
    this.#scope = createConfigScope(config, processScope);
  }

  start(): void {
    for (const delivery of this.scope().deliveries.values()) delivery.start();
  }

  replace(next: Config, processScope: ProcessScope): void {
    const before = this.scope();
    // Secrets of the former configuration may still be in answers to requests in flight.
    this.#withoutSecrets = withoutSecretsOf([before.config, next]);
    this.#scope = createConfigScope(next, processScope, before);
    this.start();
    const kept = new Set(this.#scope.deliveries.values());
    for (const delivery of before.deliveries.values()) {
      if (kept.has(delivery)) continue;
      const ended = delivery.stop(next.shutdownGraceMs).finally(() => this.#ending.delete(ended));
      this.#ending.add(ended);
    }
  }

  /** Resolves when no delivery, of this scope or a former one, has anything in flight. */
  async close(): Promise<void> {
    const { config, deliveries } = this.scope();
    const stopping = [...deliveries.values()].map(each => each.stop(config.shutdownGraceMs));
    await Promise.all([...stopping, ...this.#ending]);
  }
}
