import { serviceEnvironment } from '@braze-mixpanel/sandbox/wiring';
import { type ConnectionConfig, readConfig } from '@braze-mixpanel/service';

/**
 * The service's own configuration with both vendors at this address; `changes` to its environment make it
 * invalid.
 */
export function connectionTo(url: string, changes: Record<string, string> = {}): ConnectionConfig {
  const environment = { ...serviceEnvironment({ braze: url, mixpanel: url }), ...changes };
  const [connection] = readConfig({ environment }).connections;
  if (connection === undefined) throw new Error('The environment describes no connection.');
  return connection;
}

/** The external dependencies of the service's clients: the real fetch, and a frozen clock. */
export const vendor = { fetch, timeoutMs: 5_000, now: () => 1_700_000_000_000 };

export const neverStops: AbortSignal = new AbortController().signal;
