import type { Config } from './config.ts';
import { ConfigRefused } from './config-refused.ts';
import { type Fault, gather, type Sources } from './gather.ts';
import { qualified } from './rules.ts';
import { settingsSchema } from './schema.ts';
import type { Settings } from './shape.ts';
import { toConnection } from './to-connection.ts';
import { warningsOf } from './warnings.ts';

/**
 * Reads and checks the configuration.
 *
 * @throws ConfigRefused when anything is wrong, naming every fault at once.
 */
export function readConfig(sources: Sources): Config {
  const { settings, faults, warnings, fileMissing } = gather(sources);
  const parsed = settingsSchema.safeParse(settings);
  const issues = (parsed.error?.issues ?? []).filter(({ path }) => !fileMissing || isGiven(settings, path));
  const all = [...faults, ...issues.map(issue => faultOf(issue.path, issue.message))];
  if (all.length > 0 || !parsed.success) throw new ConfigRefused(all, warnings);
  return deepFreeze(toConfig(parsed.data, warnings));
}

/** Whether the setting of an issue is set. A missing one may be in a file that could not be read. */
function isGiven(settings: unknown, [key, ...inside]: readonly PropertyKey[]): boolean {
  if (key === undefined) return true;
  return typeof settings === 'object' && settings !== null && Object.hasOwn(settings, key)
    ? isGiven((settings as Record<PropertyKey, unknown>)[key], inside)
    : typeof settings === 'string';
}

function faultOf(path: readonly PropertyKey[], message: string): Fault {
  const [first, connection, setting, ...inside] = path.map(String);
  if (first !== 'connections' || connection === undefined)
    return { setting: first ?? 'The configuration', message };
  if (setting === undefined) return { setting: `connections.${connection}`, message };
  const [entry, field] = inside;
  const place =
    entry === undefined ? '' : ` (${[`entry ${Number(entry) + 1}`, field].filter(Boolean).join(', ')})`;
  return { setting: `${qualified(connection, setting)}${place}`, message };
}

function toConfig(settings: Settings, warnings: readonly string[]): Config {
  const connections = Object.entries(settings.connections).map(([name, each]) => toConnection(name, each));
  return {
    host: settings.HOST,
    port: settings.PORT,
    storageUrl: settings.STORAGE_URL,
    bodyLimit: settings.BODY_LIMIT,
    maxEventsPerRequest: settings.MAX_EVENTS_PER_REQUEST,
    access: { operators: settings.ADMIN_TOKEN ?? [], viewers: settings.VIEWER_TOKEN ?? [] },
    clockUrl: settings.CLOCK_URL,
    publicUrl: settings.PUBLIC_URL,
    logLevel: settings.LOG_LEVEL,
    delivery: {
      concurrency: settings.DELIVERY_CONCURRENCY,
      timeoutMs: settings.DELIVERY_TIMEOUT,
      retryBaseMs: settings.DELIVERY_RETRY_BASE,
      retryMaxMs: settings.DELIVERY_RETRY_MAX,
      parkMs: settings.DELIVERY_PARK,
      leaseMs: settings.DELIVERY_LEASE,
    },
    shutdownGraceMs: settings.SHUTDOWN_GRACE,
    retention: {
      deliveredMs: settings.DELIVERED_RETENTION,
      deadLettersMs: settings.DEAD_LETTER_RETENTION,
      auditMs: settings.AUDIT_RETENTION,
      daysMs: settings.DAY_COUNT_RETENTION,
      cohortPagesMs: settings.COHORT_PAGE_RETENTION,
    },
    connections,
    warnings: [...warnings, ...warningsOf(settings)],
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
