import type { Config } from './config.ts';
import { isLoopback } from './rules.ts';
import { sameConfig } from './same-config.ts';

/** Settings that only a restart changes, by name. */
const fixed = {
  host: 'HOST',
  port: 'PORT',
  storageUrl: 'STORAGE_URL',
  bodyLimit: 'BODY_LIMIT',
  clockUrl: 'CLOCK_URL',
} as const satisfies Partial<Record<keyof Config, string>>;

export type NextConfig =
  | { readonly kind: 'taken'; readonly config: Config; readonly warnings: readonly string[] }
  | { readonly kind: 'refused'; readonly message: string };

/**
 * The configuration after a reload: the new one, except for settings that only a restart changes. Refused if
 * the new one is unsafe without such a change.
 */
export function nextConfig(running: Config, read: Config): NextConfig {
  const keys = Object.keys(fixed) as (keyof typeof fixed)[];
  const changed = keys.filter(key => !sameConfig(running[key], read[key])).map(key => fixed[key]);
  if (changed.includes('CLOCK_URL'))
    return {
      kind: 'refused',
      message: 'CLOCK_URL was changed, which requires a restart. Restart the service.',
    };
  const open = read.connections.filter(({ currents }) => currents.tokens.length === 0);
  if (open.length > 0 && !isLoopback(running.host))
    return {
      kind: 'refused',
      message: `the connection ${open[0]!.name} has no CURRENTS_TOKEN, and the service listens on ${running.host}, where anyone could send events. Set the token, or restart the service on a loopback HOST.`,
    };
  const { host, port, storageUrl, bodyLimit, clockUrl } = running;
  const warnings =
    changed.length === 0 ? [] : [`Changed, but applied only after a restart: ${changed.join(', ')}.`];
  return { kind: 'taken', config: { ...read, host, port, storageUrl, bodyLimit, clockUrl }, warnings };
}
