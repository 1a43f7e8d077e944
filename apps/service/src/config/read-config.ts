import type { z } from 'zod';
import type { Config } from './config.ts';
import { ConfigRefused } from './config-refused.ts';
import { type Fault, gather, type Sources } from './gather.ts';
import { qualified } from './qualified.ts';
import { settingsSchema } from './schema.ts';
import { connectionShape } from './settings.ts';
import type { Settings } from './shape.ts';
import { toConnection } from './to-connection.ts';
import { unusableEndpoint } from './tracing-endpoint.ts';
import { warningsOf } from './warnings.ts';

export interface ReadOptions {
  /** Faults that the caller found, such as a host name without an address. */
  readonly known?: readonly Fault[];
  /** What does not happen if the configuration is refused, as a sentence. */
  readonly consequence?: string;
}

/**
 * Reads and checks the configuration.
 *
 * @throws ConfigRefused when anything is wrong, naming every fault at once. Faults that only follow from
 * another one are left out.
 */
export function readConfig(sources: Sources, { known = [], consequence }: ReadOptions = {}): Config {
  const { settings, faults, warnings, fileMissing, unreadable } = gather(sources);
  const parsed = settingsSchema.safeParse(settings);
  const issues = (parsed.error?.issues ?? []).filter(({ path }) => !fileMissing || isGiven(settings, path));
  const replaced = new Set([...unreadable, ...known.map(({ setting }) => setting)]);
  const all = [...faults, ...known, ...independent(issues, replaced).map(faultOf)];
  if (all.length > 0 || !parsed.success) throw new ConfigRefused(all, warnings, consequence);
  const tracing = unusableEndpoint(sources.environment);
  return deepFreeze(toConfig(parsed.data, [...warnings, ...(tracing === undefined ? [] : [tracing])]));
}

/**
 * The issues without those of a setting whose fault is known, and without rules that only apply because of a
 * setting that is invalid itself.
 */
function independent(issues: readonly z.core.$ZodIssue[], known: ReadonlySet<string>): z.core.$ZodIssue[] {
  const own = issues.filter(issue => issue.code !== 'custom' || issue.params === undefined);
  const invalid = new Set([...known, ...own.map(({ path }) => nameOf(path))]);
  return issues.filter(
    issue => !known.has(nameOf(issue.path)) && !becauseOf(issue).some(setting => invalid.has(setting)),
  );
}

/** The settings because of which a rule applies, by the names in messages. */
function becauseOf(issue: z.core.$ZodIssue): string[] {
  const because: unknown = issue.code === 'custom' ? issue.params?.because : undefined;
  if (!Array.isArray(because)) return [];
  const [first, connection] = issue.path.map(String);
  return because.map(name =>
    first === 'connections' && connection !== undefined && Object.hasOwn(connectionShape, name)
      ? qualified(connection, name)
      : String(name),
  );
}

/** The setting of an issue, by its name in messages. */
function nameOf(path: readonly PropertyKey[]): string {
  const [first, connection, setting] = path.map(String);
  if (first !== 'connections' || connection === undefined) return first ?? 'The configuration';
  return setting === undefined ? `connections.${connection}` : qualified(connection, setting);
}

/** Whether the setting of an issue is set. A missing one may be in a file that could not be read. */
function isGiven(settings: unknown, [key, ...inside]: readonly PropertyKey[]): boolean {
  if (key === undefined) return true;
  return typeof settings === 'object' && settings !== null && Object.hasOwn(settings, key)
    ? isGiven((settings as Record<PropertyKey, unknown>)[key], inside)
    : typeof settings === 'string';
}

function faultOf({ path, message }: z.core.$ZodIssue): Fault {
  const [entry, field] = path[0] === 'connections' ? path.slice(3).map(String) : [];
  const place =
    entry === undefined ? '' : ` (${[`entry ${Number(entry) + 1}`, field].filter(Boolean).join(', ')})`;
  return { setting: `${nameOf(path)}${place}`, message };
}

function toConfig(settings: Settings, warnings: readonly Fault[]): Config {
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
    keptTraffic: settings.KEEP_TRAFFIC,
    shutdownGraceMs: settings.SHUTDOWN_GRACE,
    retention: {
      deliveredMs: settings.DELIVERED_RETENTION,
      deadLettersMs: settings.DEAD_LETTER_RETENTION,
      auditMs: settings.AUDIT_RETENTION,
      daysMs: settings.DAY_COUNT_RETENTION,
      cohortPagesMs: settings.COHORT_PAGE_RETENTION,
    },
    pricePerMillion: settings.MIXPANEL_PRICE_PER_MILLION,
    idMap: { keep: settings.KEEP_ID_MAP, onDelete: settings.USER_DELETE_REQUESTS },
    reconcile: { days: settings.RECONCILE_DAYS, threshold: settings.RECONCILE_THRESHOLD },
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
