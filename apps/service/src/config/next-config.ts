import type { Config } from './config.ts';
import { isLoopback } from './rules.ts';
import { sameConfig } from './same-config.ts';

/** Settings that a running process keeps as it was started with, by their names. */
const fixed = {
  host: 'HOST',
  port: 'PORT',
  storageUrl: 'STORAGE_URL',
  bodyLimit: 'BODY_LIMIT',
  clockUrl: 'CLOCK_URL',
} as const satisfies Partial<Record<keyof Config, string>>;

export type NextConfig =
  | { readonly kind: 'taken'; readonly config: Config; readonly warnings: readonly string[] }
  | { readonly kind: 'refused'; readonly sentence: string };

/**
 * The configuration that a running process may go over to: as it was read anew, except for what only a restart can change. Refused where
 * it is safe only together with such a change.
 */
export function nextConfig(running: Config, read: Config): NextConfig {
  const keys = Object.keys(fixed) as (keyof typeof fixed)[];
  const changed = keys.filter(key => !sameConfig(running[key], read[key])).map(key => fixed[key]);
  if (changed.includes('CLOCK_URL'))
    return {
      kind: 'refused',
      sentence:
        'CLOCK_URL was changed, and schedules can go over to another clock at a start only. Restart the service.',
    };
  const open = read.connections.filter(({ currents }) => currents.tokens.length === 0);
  if (open.length > 0 && !isLoopback(running.host))
    return {
      kind: 'refused',
      sentence: `the connection ${open[0]!.name} has no CURRENTS_TOKEN, and the service goes on listening on ${running.host}, where anyone could send events. Set the token, or restart the service on a loopback HOST.`,
    };
  const { host, port, storageUrl, bodyLimit, clockUrl } = running;
  const warnings =
    changed.length === 0
      ? []
      : [
          `Changed, but taken over at the next start only: ${changed.join(', ')}. Restart the service for that.`,
        ];
  return { kind: 'taken', config: { ...read, host, port, storageUrl, bodyLimit, clockUrl }, warnings };
}
