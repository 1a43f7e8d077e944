import type { ConnectionConfig } from '../../config/config.ts';
import { sameConfig } from '../../config/same-config.ts';
import type { Comparison } from '../../reconcile/compare.ts';

/**
 * Connections whose delivered events were read back from the raw export: Mixpanel stores them where the service
 * sends them. Known to this process alone, and until a restart or a change of the connection's Mixpanel settings.
 */
export class ReadBacks {
  readonly #verified = new Map<string, ConnectionConfig['mixpanel']>();

  /** A comparison ended. In shadow mode it proves nothing, since another sender delivered the events. */
  observe({ name, mixpanel }: ConnectionConfig, { shadow, days }: Comparison): void {
    const proof = days.some(({ ours, mixpanelRaw, agrees }) => agrees && ours > 0 && mixpanelRaw > 0);
    if (!shadow && proof) this.#verified.set(name, mixpanel);
  }

  /** Whether delivered events were read back under these settings. */
  has({ name, mixpanel }: Pick<ConnectionConfig, 'name' | 'mixpanel'>): boolean {
    return sameConfig(this.#verified.get(name), mixpanel);
  }
}
