import type { MatchRule } from '@braze-mixpanel/core/cohorts';
import { catalogueVersions, resolveSelection } from '@braze-mixpanel/core/currents';
import { type MixpanelRegion, mixpanelHosts } from '@braze-mixpanel/core/mixpanel';
import type { Secret } from '../secrets/secret.ts';
import type { CohortEntry } from './cohort-list.ts';
import { type Fault, gather, type Sources } from './gather.ts';
import { qualified } from './rules.ts';
import { settingsSchema } from './schema.ts';
import type { ConnectionSettings, Settings } from './shape.ts';
import { shortTokens } from './short-tokens.ts';

/**
 * The configuration, read at start and frozen. Nothing else reads the environment. All errors are reported at once
 * (`ConfigRefused`); a valid setting that should be changed is a warning.
 */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly storageUrl: string;
  /** Bytes, after decompression. */
  readonly bodyLimit: number;
  /** Events of one body of Currents. */
  readonly maxEventsPerRequest: number;
  readonly access: Access;
  readonly clockUrl: string | undefined;
  /** Origin at which the vendors reach this service. */
  readonly publicUrl: string | undefined;
  readonly logLevel: Settings['LOG_LEVEL'];
  readonly delivery: DeliveryConfig;
  readonly shutdownGraceMs: number;
  readonly retention: RetentionConfig;
  readonly connections: readonly ConnectionConfig[];
  readonly warnings: readonly string[];
}

/** Retention of each store, in milliseconds; `undefined` means forever. */
interface RetentionConfig {
  /** Bodies of delivered batches; 0 keeps none. */
  readonly deliveredMs: number;
  readonly deadLettersMs: number | undefined;
  readonly auditMs: number | undefined;
  readonly daysMs: number | undefined;
  /** Pages of cohorts whose session is not complete. */
  readonly cohortPagesMs: number;
}

/** Accepted bearer tokens of each role. */
export interface Access {
  readonly operators: readonly Secret[];
  readonly viewers: readonly Secret[];
}

export interface DeliveryConfig {
  /** Most requests in flight at once, per connection. */
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  /** Wait while the set-up is refused. */
  readonly parkMs: number;
  /** How long what a dead process had in hand waits for another. */
  readonly leaseMs: number;
}

export interface ConnectionConfig {
  readonly name: string;
  readonly currents: {
    /** Accepted bearer tokens; none means that no token is asked for. */
    readonly tokens: readonly Secret[];
    /** Catalogue version, such as `2022-06`. */
    readonly catalogueVersion: string;
    /** Selected event types; `undefined` means all. */
    readonly selection: readonly string[] | undefined;
    readonly sendUnlisted: boolean;
    /** Paths of fields that are never stored. */
    readonly redact: readonly string[];
    /** Batches that come are mapped and checked, and not sent. */
    readonly shadow: boolean;
  };
  /** Batches are kept, and nothing is delivered for now. */
  readonly held: boolean;
  readonly backlog: BacklogBounds;
  readonly mixpanel: MixpanelConfig;
  readonly webhook: { readonly username: string; readonly password: Secret } | undefined;
  readonly braze: {
    readonly restUrl: string | undefined;
    readonly dataImportKey: Secret | undefined;
    readonly partnerApiKey: Secret | undefined;
    readonly restApiKey: Secret | undefined;
  };
  readonly cohorts: {
    readonly entries: readonly CohortEntry[];
    readonly syncIntervalMs: number;
    /** Between two full sends. */
    readonly resendIntervalMs: number;
    readonly match: MatchRule;
    /** Budget of the query API; 0 means no bound. */
    readonly queriesPerHour: number;
    /** Most syncs that are made because a cohort was pushed. */
    readonly pushedAtMost: number;
  };
}

/** Backlog limits above which a connection answers 503. */
export interface BacklogBounds {
  readonly maxBytes: number;
  /** `undefined` means no bound. */
  readonly maxAgeMs: number | undefined;
}

/** Credentials for HTTP Basic authentication. */
export interface BasicCredentials {
  readonly kind: 'service account' | 'project token' | 'API secret';
  readonly username: string | Secret;
  readonly password: Secret | undefined;
}

export interface MixpanelConfig {
  /** Origin; `/import` is appended. */
  readonly apiUrl: string;
  /** Origin; `/api/query/…` is appended. */
  readonly queryUrl: string;
  /** Origin; `/api/2.0/export` is appended. */
  readonly exportUrl: string;
  readonly region: MixpanelRegion;
  readonly projectId: string | undefined;
  /** For `/import`: the service account, else the project token, else the API secret. */
  readonly importCredentials: BasicCredentials;
  /** For the query API, which takes no project token: the service account, else the API secret, else nothing. */
  readonly queryCredentials: BasicCredentials | undefined;
}

/** An invalid configuration: one message for people, `faults` for programs. */
export class ConfigRefused extends Error {
  override readonly name = 'ConfigRefused';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[], warnings: readonly string[] = []) {
    const count = faults.length === 1 ? '1 error' : `${faults.length} errors`;
    const lines = [
      `Invalid configuration (${count}). The service did not start:`,
      ...faults.map(({ setting, message }) => `  - ${setting} ${message}`),
      ...(warnings.length > 0 ? ['Possible causes:'] : []),
      ...warnings.map(warning => `  - ${warning}`),
    ];
    super(lines.join('\n'));
    this.faults = faults;
  }
}

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
    warnings: [
      ...warnings,
      ...shortTokens(settings),
      ...Object.entries(settings.connections).flatMap(([name, each]) => warningsOf(name, each)),
    ],
  };
}

function toConnection(name: string, settings: ConnectionSettings): ConnectionConfig {
  const region = mixpanelHosts[settings.MIXPANEL_REGION];
  return {
    name,
    currents: {
      tokens: settings.CURRENTS_TOKEN ?? [],
      catalogueVersion: settings.CURRENTS_GENERATION,
      selection: selectionOf(settings),
      sendUnlisted: settings.CURRENTS_SEND_UNLISTED,
      redact: settings.CURRENTS_REDACT ?? [],
      shadow: settings.DELIVERY_MODE === 'shadow',
    },
    held: settings.DELIVERY_MODE === 'hold',
    backlog: { maxBytes: settings.BACKLOG_MAX_BYTES, maxAgeMs: settings.BACKLOG_MAX_AGE },
    mixpanel: {
      apiUrl: settings.MIXPANEL_API_URL ?? region.ingestion,
      queryUrl: settings.MIXPANEL_QUERY_URL ?? region.query,
      exportUrl: settings.MIXPANEL_EXPORT_URL ?? settings.MIXPANEL_QUERY_URL ?? region.export,
      region: settings.MIXPANEL_REGION,
      projectId: settings.MIXPANEL_PROJECT_ID,
      ...credentialsOf(settings),
    },
    webhook:
      settings.MIXPANEL_WEBHOOK_USERNAME === undefined || settings.MIXPANEL_WEBHOOK_PASSWORD === undefined
        ? undefined
        : { username: settings.MIXPANEL_WEBHOOK_USERNAME, password: settings.MIXPANEL_WEBHOOK_PASSWORD },
    braze: {
      restUrl: settings.BRAZE_REST_URL,
      dataImportKey: settings.BRAZE_DATA_IMPORT_KEY,
      partnerApiKey: settings.BRAZE_PARTNER_API_KEY,
      restApiKey: settings.BRAZE_REST_API_KEY,
    },
    cohorts: {
      entries: settings.COHORTS ?? [],
      syncIntervalMs: settings.COHORT_SYNC_INTERVAL,
      resendIntervalMs: settings.COHORT_RESEND_INTERVAL,
      match: matchOf(settings),
      queriesPerHour: settings.MIXPANEL_QUERIES_PER_HOUR,
      pushedAtMost: settings.COHORT_PUSH_MAX,
    },
  };
}

function matchOf({ COHORT_MATCH: match, COHORT_MATCH_AS: as }: ConnectionSettings): MatchRule {
  if (match === undefined) return { by: 'default' };
  return match.by === 'property' && as !== undefined ? { ...match, as } : match;
}

function selectionOf({ CURRENTS_EVENTS, CURRENTS_GENERATION }: ConnectionSettings): string[] | undefined {
  if (CURRENTS_EVENTS === undefined) return undefined;
  const resolved = resolveSelection(CURRENTS_EVENTS, catalogueVersions.get(CURRENTS_GENERATION)!);
  if (!resolved.ok) throw new Error('An unknown event name passed the check of the configuration.');
  return [...resolved.eventTypes].sort();
}

function credentialsOf(
  settings: ConnectionSettings,
): Pick<MixpanelConfig, 'importCredentials' | 'queryCredentials'> {
  const basic = (kind: BasicCredentials['kind'], username: string | Secret | undefined, password?: Secret) =>
    username === undefined ? undefined : { kind, username, password };
  const account = basic(
    'service account',
    settings.MIXPANEL_SERVICE_ACCOUNT,
    settings.MIXPANEL_SERVICE_SECRET,
  );
  const token = basic('project token', settings.MIXPANEL_TOKEN);
  const secret = basic('API secret', settings.MIXPANEL_API_SECRET);
  const importCredentials = account ?? token ?? secret;
  if (importCredentials === undefined)
    throw new Error('A connection without credentials passed the check of the configuration.');
  return { importCredentials, queryCredentials: account ?? secret };
}

function warningsOf(name: string, settings: ConnectionSettings): string[] {
  const warnings: string[] = [];
  if (settings.MIXPANEL_API_SECRET !== undefined) {
    warnings.push(
      `${qualified(name, 'MIXPANEL_API_SECRET')} is set: Mixpanel retires API secrets in March 2027. Use a service account: MIXPANEL_SERVICE_ACCOUNT, MIXPANEL_SERVICE_SECRET and MIXPANEL_PROJECT_ID.`,
    );
  }
  if (settings.CURRENTS_TOKEN === undefined) {
    warnings.push(
      `${qualified(name, 'CURRENTS_TOKEN')} is not set: any process on this machine can send events. Set the token that Braze sends.`,
    );
  }
  return warnings;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
